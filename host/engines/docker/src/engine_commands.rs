//! The commands of Docker's own client, and of Podman's.

use crate::domain::{EngineCommand, EngineCommands};

pub(crate) const DOCKER: EngineCommands =
    EngineCommands::new(|command| Some(of("docker", command)));
pub(crate) const PODMAN: EngineCommands =
    EngineCommands::new(|command| Some(of("podman", command)));

/// Podman took over Docker's commands.
fn of(client: &str, command: EngineCommand<'_>) -> String {
    let arguments = match command {
        EngineCommand::LogIn(None) => "login".to_owned(),
        EngineCommand::LogIn(Some(registry)) => format!("login {registry}"),
        EngineCommand::PullImage(image) => format!("pull {image}"),
        EngineCommand::RemoveImage(image) => format!("rmi {image}"),
        EngineCommand::NameImage(image) => format!("tag {image} NAME"),
        EngineCommand::ShowDisk => "system df".to_owned(),
        EngineCommand::PruneBuilder => "builder prune".to_owned(),
        EngineCommand::RemoveContainers => "rm -f".to_owned(),
        EngineCommand::RemoveVolume(volume) => format!("volume rm {volume}"),
    };
    format!("{client} {arguments}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_own_name_and_both_the_same_commands() {
        let advice = [
            EngineCommand::LogIn(Some("r.example")),
            EngineCommand::LogIn(None),
            EngineCommand::ShowDisk,
        ];
        let all = |words: EngineCommands| advice.map(|command| words.line(command).unwrap());
        assert_eq!(all(DOCKER), ["docker login r.example", "docker login", "docker system df"]);
        assert_eq!(all(PODMAN), ["podman login r.example", "podman login", "podman system df"]);
    }
}
