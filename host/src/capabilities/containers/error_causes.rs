//! The second half of an error message: why it happened and what to type next.

use super::engine_errors;
use super::errors::{Attempt, ContainersError};
use crate::domain::Diagnostic;

/// What helps against a full disk.
const MAKE_ROOM: &str = "make room: `renku session image prune` removes images of this project \
     that no session uses, `docker system df` shows what takes space";

/// How a program ended, for the end of a sentence.
pub(super) fn exit(exit_code: Option<i32>, out_of_memory: bool) -> String {
    match (exit_code, out_of_memory) {
        (_, true) => "it ran out of memory".to_owned(),
        (Some(127), false) => "exit status 127 (its program was not found)".to_owned(),
        (Some(code), false) => format!("exit status {code}"),
        (None, false) => "no exit status".to_owned(),
    }
}

/// What to type or change next.
pub(super) fn hint(error: &ContainersError) -> Option<String> {
    use ContainersError as E;
    let hint = match error {
        E::EngineUnreachable { setting: Some(setting), .. } => {
            format!("start the engine at that address, or change {setting}")
        }
        E::EngineUnreachable { setting: None, .. } => {
            "start Docker (`sudo systemctl start docker`, or Docker Desktop), or set `DOCKER_HOST` to \
             the address of an engine"
                .to_owned()
        }
        E::SocketPermission { .. } => {
            "`sudo usermod -aG docker $USER`, then log out and in again".to_owned()
        }
        E::AddressUnsupported { .. } => {
            "addresses look like `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`"
                .to_owned()
        }
        E::TlsUnverified { context } => format!(
            "`docker context update {context} --docker host=…,ca=…,cert=…,key=…` without `skip-tls-verify`"
        ),
        E::ProjectElsewhere { .. } => {
            "`--mount volume` copies the project to that machine, `--mount none` starts the image without it"
                .to_owned()
        }
        E::ContextMissing { .. } => "`docker context ls` lists the contexts".to_owned(),
        E::NotGranted { .. } => {
            "`renku session provider grant` changes what it is allowed".to_owned()
        }
        E::InvalidImageName { .. } => {
            "names look like `project:tag` or `registry.example.org/group/project:tag`, in lower case"
                .to_owned()
        }
        E::ImageMissing { image } => {
            format!("`docker pull {image}`, or name another image with `--image`")
        }
        E::PullNotFound { .. } => "check the name and tag of the image".to_owned(),
        E::PullDenied { registry, .. } => {
            format!("check the name of the image, or `docker login {registry}`")
        }
        E::PullUnreachable { .. } => "check the network, then try again".to_owned(),
        E::RegistryBroken { .. } => "try again later, or name another image with `--image`".to_owned(),
        E::BaseImage { base, .. } => format!(
            "check the line `FROM {base}` and the network; a private image needs `docker login`"
        ),
        E::DiskFull { .. } => MAKE_ROOM.to_owned(),
        E::BuildStep { output, .. }
            if output.iter().any(|line| engine_errors::says_disk_is_full(line)) =>
        {
            MAKE_ROOM.to_owned()
        }
        E::BuildStep { message, .. } if message.contains("BuildKit") => {
            "this build uses the classic builder: write the step without BuildKit options such as \
             `RUN --mount`"
                .to_owned()
        }
        E::BuildStep { .. } => "correct this step of the Dockerfile, then start again".to_owned(),
        E::DockerfileMissing { .. } => {
            "name it with `--file PATH`, or use an existing image with `--image IMAGE`".to_owned()
        }
        E::DockerfileOutside { .. } => "`--file` takes a path inside the project".to_owned(),
        E::IgnorePattern { file, .. } => format!("correct or remove the line in `{file}`"),
        E::ProjectUnreadable { path, .. } => {
            format!("make it readable, or list `{}` in `.dockerignore`", path.display())
        }
        E::InvalidName { .. } => {
            "use 2 to 63 letters, digits, `_`, `.` or `-`, a letter or digit first".to_owned()
        }
        E::NameTaken { .. } => {
            "choose another name with `--name`, or leave it out: one is made up then".to_owned()
        }
        E::OptionRefused { option, .. } => {
            let name = option.split(' ').next().unwrap_or_default();
            format!("leave out `{name}`, or change its value")
        }
        E::Discarded { .. } => "leave out that option, or add `--best-effort`".to_owned(),
        E::SecretReplaced { name } => format!("leave out `--env {name}`"),
        E::MountTaken { .. } => "mount it at another place".to_owned(),
        E::NeedsImage { image, .. } => {
            format!("if you trust `{image}` with that, type `--image {image}`, too")
        }
        E::MacAddressUnsupported { .. } => {
            "leave out `--mac-address`, or use Docker 25 or newer".to_owned()
        }
        E::PortTaken { .. } => "name another one with `--port`, or leave it out".to_owned(),
        E::MountMissing { .. } => "check the path on the left of `--volume`".to_owned(),
        E::NotFound { .. } => "`renku session ls` lists the sessions".to_owned(),
        E::CpuOverLimit { available, .. } => {
            format!("ask for at most `--cpu {available}`, or add `--best-effort`")
        }
        E::DiskUnsupported { .. } => "leave out `--disk`, or add `--best-effort`".to_owned(),
        E::GpuUnavailable { .. } => {
            "install the NVIDIA container toolkit for this engine, leave out `--gpu`, or add \
             `--best-effort`"
                .to_owned()
        }
        E::ExitedBeforeReady { out_of_memory: true, .. } => {
            "ask for more with `--memory`".to_owned()
        }
        E::NotReady { .. } => "allow more time with `--wait-timeout`".to_owned(),
        E::Sink(error) => return error.hint(),
        _ => return None,
    };
    Some(hint)
}

/// Why, outermost first, one line each.
pub(super) fn causes(error: &ContainersError) -> Vec<String> {
    use ContainersError as E;
    match error {
        E::EngineUnreachable { tried, .. } | E::SocketPermission { tried, .. } => {
            tried.iter().map(attempt).collect()
        }
        E::PullNotFound { message, .. }
        | E::PullDenied { message, .. }
        | E::PullUnreachable { message, .. }
        | E::PullFailed { message, .. }
        | E::RegistryBroken { message, .. }
        | E::BaseImage { message, .. }
        | E::DiskFull { message, .. }
        | E::BuildFailed { message, .. }
        | E::WrongState { message, .. }
        | E::PortTaken { message, .. }
        | E::OptionRefused { message, .. }
        | E::Discarded { message }
        | E::MountMissing { message }
        | E::TunnelFailed { message, .. }
        | E::GpuUnavailable { message }
        | E::Engine { message, .. } => vec![message.clone()],
        E::BuildStep { output, message, .. } => {
            output.iter().chain(std::iter::once(message)).cloned().collect()
        }
        E::NeedsImage { container, .. } => container.lines().map(str::to_owned).collect(),
        E::ProjectUnreadable { source, .. } => vec![source.to_string()],
        E::ExitedBeforeReady { log, .. } | E::NotReady { log, .. } => log.clone(),
        E::Sink(error) => error.causes(),
        E::NotGranted { granted, .. } => vec![format!("allowed: {granted}")],
        _ => Vec::new(),
    }
}

fn attempt(attempt: &Attempt) -> String {
    format!("`{}`: {}", attempt.address, attempt.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ErrorKind;

    #[test]
    fn an_unreachable_engine_lists_every_address_with_its_reason() {
        let error = ContainersError::EngineUnreachable {
            tried: vec![
                Attempt { address: "unix:///a.sock".into(), reason: "not there".into() },
                Attempt { address: "unix:///b.sock".into(), reason: "nobody listens".into() },
            ],
            setting: None,
        };
        assert_eq!(error.to_string(), "no container engine can be reached");
        assert_eq!(
            error.causes(),
            ["`unix:///a.sock`: not there", "`unix:///b.sock`: nobody listens"]
        );
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }

    #[test]
    fn running_out_of_memory_is_said_and_has_its_own_kind() {
        let error = ContainersError::ExitedBeforeReady {
            name: "a".into(),
            exit_code: Some(137),
            out_of_memory: true,
            log: vec!["Killed".into()],
        };
        assert_eq!(error.to_string(), "`a` ended before it was ready: it ran out of memory");
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
        assert_eq!(error.hint().as_deref(), Some("ask for more with `--memory`"));
        assert_eq!(error.causes(), ["Killed"]);
    }

    #[test]
    fn a_build_option_of_another_builder_gets_its_own_hint() {
        let error = ContainersError::BuildStep {
            image: "p:1".into(),
            number: 2,
            step: "RUN --mount=type=cache true".into(),
            output: Vec::new(),
            message: "the --mount option requires BuildKit".into(),
        };
        assert_eq!(
            error.to_string(),
            "building `p:1` failed at step 2: `RUN --mount=type=cache true`"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("classic builder")));
    }
}
