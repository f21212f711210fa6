//! The second half of an error message: why it happened and what to type next; and
//! its kind.

use super::ContainersError;
use crate::domain::{Advice, Diagnostic, EngineCommand, ErrorKind};

impl Diagnostic for ContainersError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Reach(error) => Advice::of(error),
            Self::Image(error) => Advice::of(error),
            Self::Key(error) => Advice::of(error),
            Self::Sink(error) => Advice::of(error),
            Self::Temporary(error) => Advice::of(error),
            Self::Engine { message, .. } => ErrorKind::Unavailable.causes([message]),
            Self::ReservedLabel { .. } => ErrorKind::Denied.alone(),
            Self::NeedsImage { image, container: Some(container), .. } => ErrorKind::Denied
                .hint(format!("if you trust `{image}` with that, add `--image {image}`"))
                .causes(container.lines()),
            Self::NeedsImage { image, container: None, .. } => ErrorKind::Denied
                .hint("leave that out, or name an image that you trust with it: `--image IMAGE`")
                .causes([format!("the provider wants `{image}`, which is not here yet")]),
            Self::NotGranted { granted, .. } => ErrorKind::Denied
                .hint("`renku session provider grant` changes its permissions")
                .causes([format!("allowed: {granted}")]),
            Self::KernelMemoryUnsupported { why } => ErrorKind::Unsupported
                .hint("leave out `--kernel-memory`, or add `--best-effort`")
                .causes([why]),
            Self::Unsupported { hint, .. } => ErrorKind::Unsupported.hint(hint.as_str()),
            Self::DiskUnsupported { .. } => ErrorKind::Unsupported.hint(
                "leave out `--disk` (or `renku config unset disk_request`), or add `--best-effort`",
            ),
            Self::ExecUnsupported => ErrorKind::Unsupported.alone(),
            Self::NotExecuted { message, .. } => ErrorKind::InvalidInput.causes([message]),
            Self::TimeLimitUnsupported => ErrorKind::Unsupported
                .hint("leave out the time limit in the provider's configuration, or add `--best-effort`"),
            Self::Discarded { message } => ErrorKind::Unsupported
                .hint("leave out that option, or add `--best-effort`")
                .causes([message]),
            Self::GpuUnavailable { message } => ErrorKind::Unsupported
                .hint(
                    "install the NVIDIA container toolkit for this engine, start without GPUs \
                     (`--gpu 0`), or add `--best-effort`",
                )
                .causes([message]),
            Self::NotFound { .. } => {
                ErrorKind::NotFound.hint("`renku session ls` lists the sessions")
            }
            Self::InvalidName { .. } => ErrorKind::InvalidInput
                .hint("use 2 to 63 letters, digits, `_`, `.` or `-`, a letter or digit first"),
            Self::SecretReplaced { name } => {
                ErrorKind::InvalidInput.hint(format!("leave out `--env {name}`"))
            }
            Self::MountTaken { .. } => ErrorKind::InvalidInput.hint("mount it at another place"),
            Self::OptionRefused { option, message } => {
                let name = option.split(' ').next().unwrap_or_default();
                ErrorKind::InvalidInput
                    .hint(format!("leave out `{name}`, or change its value"))
                    .causes([message])
            }
            Self::MountMissing { message } => ErrorKind::InvalidInput
                .hint("check the path on the left of `--volume`")
                .causes([message]),
            Self::ProjectUnseen { message } => ErrorKind::InvalidInput
                .hint(
                    "copy the project to the engine with `--mount volume`, or share its folder with \
                     the engine's virtual machine",
                )
                .causes([message]),
            Self::Silent { .. } => ErrorKind::Unavailable
                .hint("restart the engine, or name another one with `DOCKER_HOST`"),
            Self::Unprotected { .. } => ErrorKind::Denied
                .hint(
                    "turn authentication on in its Jupyter settings, or add \
                     `--without-token`",
                )
                .causes(["authentication is off in its image or command"]),
            Self::CpuOverLimit { available, .. } => ErrorKind::InvalidInput
                .hint(format!("use at most `--cpu {available}`, or add `--best-effort`")),
            Self::InvalidEnvironment { .. }
            | Self::InvalidMount { .. }
            | Self::InvalidWorkingDirectory { .. }
            | Self::InvalidPort { .. }
            | Self::InvalidPlaceholder { .. }
            | Self::InvalidTimeLimit
            | Self::PortNotPublished { .. }
            | Self::NoProject
            | Self::InvalidResource { .. } => ErrorKind::InvalidInput.alone(),
            Self::NameTaken { .. } => ErrorKind::Conflict
                .hint("choose another name with `--name`, or leave it out to get a generated one"),
            Self::VolumeTaken { volume, client } => ErrorKind::Conflict
                .hint(match client.line(EngineCommand::RemoveVolume(volume)) {
                    Some(remove) => format!(
                        "choose another name with `--name`; if nothing in it is needed, `{remove}` \
                         removes it"
                    ),
                    None => "choose another name with `--name`".to_owned(),
                })
                .causes(["no session uses it; it may hold the only copy of somebody's work"]),
            Self::PortTaken { message, .. } => ErrorKind::Conflict
                .hint("choose another one with `--port`, or leave it out")
                .causes([message]),
            Self::HostPortTaken { .. } => ErrorKind::Conflict
                .hint("end what listens there, or start without `--network host`")
                .causes([
                    "with `--network host` the session's own port is a port of this computer",
                ]),
            Self::WrongState { message, .. } => ErrorKind::Conflict.causes([message]),
            Self::ExitedBeforeReady { out_of_memory: true, log, .. } => {
                ErrorKind::ResourceExhausted.hint("set a higher limit with `--memory`").causes(log)
            }
            Self::ExitedBeforeReady { log, .. } => ErrorKind::Other.causes(log),
            Self::RemovedBeforeReady { .. } => {
                ErrorKind::Other.hint("leave out `--rm` to see what it printed")
            }
            Self::NotReady { log, .. } => {
                ErrorKind::Timeout.hint("allow more time with `--wait-timeout`").causes(log)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(error.hint().as_deref(), Some("set a higher limit with `--memory`"));
        assert_eq!(error.causes(), ["Killed"]);
    }
}
