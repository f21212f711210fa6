//! What this engine cannot do of a session: each is an error, or with `--best-effort`
//! left out.

use crate::contract::{ContainersError, Gaps, MountedFiles, RunOptions, RunSpec};
use crate::domain::Transport;
use crate::image;
use crate::port;

/// Options that mean nothing here, and hold nothing back.
const WITHOUT_EFFECT: [&str; 2] = ["init", "shm_size"];

/// What cannot be done of this.
pub(crate) fn of(run: &RunSpec) -> Result<Gaps, ContainersError> {
    let mut missing = Vec::new();
    missing.extend(options(&run.options).into_iter().map(|name| {
        let shown = run.typed.shown(&name).unwrap_or_else(|| format!("--{name}"));
        without(&format!("set `{shown}`"), &format!("leave out `--{name}`"))
    }));
    let limits = [("cpu", run.resources.cpu.is_some()), ("memory", run.resources.memory.is_some())];
    missing.extend(
        limits
            .into_iter()
            .filter(|(_, is_wanted)| *is_wanted)
            .map(|(name, _)| without(&format!("limit {name}"), &format!("leave out `--{name}`"))),
    );
    if let Some(project) = &run.project
        && !matches!(project.files, MountedFiles::Folder(_))
    {
        return Err(without("have a copy of the project", "leave out `--mount`"));
    }
    if run.user.as_deref().is_some_and(|user| user != "0:0") {
        missing.push(without("run as another user than you", "leave out `--user`"));
    }
    ports(run)?;
    Ok(Gaps { missing, notes: Vec::new() })
}

fn ports(run: &RunSpec) -> Result<(), ContainersError> {
    let Some(tree) = image::find(&run.image)? else { return Ok(()) };
    let entrypoint = run.entrypoint.as_ref().unwrap_or(&tree.config.entrypoint);
    let command = match (&run.command, &run.entrypoint) {
        (Some(command), _) => command.as_slice(),
        (None, Some(_)) => &[],
        (None, None) => &tree.config.command,
    };
    let program: Vec<String> = entrypoint.iter().chain(command).cloned().collect();
    for published in &run.ports {
        let port = published.container;
        if published.protocol != Transport::Tcp || !published.host.address.is_loopback() {
            return Err(without(
                &format!("publish port {port} there"),
                "leave out the address and the protocol: sessions listen on 127.0.0.1",
            ));
        }
        if !port::can_move(&program, port) {
            return Err(without(
                &format!("tell `{}` another port than {port}", program.join(" ")),
                "write the port into the command of the session: `command` in a file for `--config`",
            ));
        }
    }
    Ok(())
}

/// The options that were typed and that are not known here.
fn options(run: &RunOptions) -> Vec<String> {
    let written = serde_json::to_value(run).unwrap_or_default();
    let names = written.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let unknown = names.filter(|name| !WITHOUT_EFFECT.contains(name));
    unknown.map(|name| name.replace('_', "-")).collect()
}

fn without(what: &str, hint: &str) -> ContainersError {
    ContainersError::Unsupported { what: what.to_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_that_is_not_known_is_a_gap() {
        let usual = RunOptions { init: true, shm_size: Some(1), ..RunOptions::default() };
        assert_eq!(options(&usual), Vec::<String>::new());
        let run = RunOptions { privileged: true, cap_add: vec!["ALL".into()], ..usual };
        assert_eq!(options(&run), ["privileged", "cap-add"]);
    }
}
