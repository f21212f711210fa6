//! The second half of an error message: why it happened and what to type next; and
//! its kind.

use super::ContainersError;
use crate::domain::{Diagnostic, ErrorKind};

impl Diagnostic for ContainersError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Reach(error) => error.kind(),
            Self::Image(error) => error.kind(),
            Self::Key(error) => error.kind(),
            Self::Sink(error) => error.kind(),
            Self::Temporary(error) => error.kind(),
            Self::Engine { .. } => ErrorKind::Unavailable,
            Self::ReservedLabel { .. } | Self::NeedsImage { .. } | Self::NotGranted { .. } => {
                ErrorKind::Denied
            }
            Self::KernelMemoryUnsupported
            | Self::DiskUnsupported { .. }
            | Self::Discarded { .. }
            | Self::GpuUnavailable { .. } => ErrorKind::Unsupported,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::InvalidName { .. }
            | Self::InvalidEnvironment { .. }
            | Self::InvalidMount { .. }
            | Self::SecretReplaced { .. }
            | Self::MountTaken { .. }
            | Self::OptionRefused { .. }
            | Self::MountMissing { .. }
            | Self::InvalidWorkingDirectory { .. }
            | Self::InvalidPort { .. }
            | Self::PortNotPublished { .. }
            | Self::NoProject
            | Self::InvalidResource { .. }
            | Self::CpuOverLimit { .. } => ErrorKind::InvalidInput,
            Self::NameTaken { .. }
            | Self::VolumeTaken { .. }
            | Self::PortTaken { .. }
            | Self::HostPortTaken { .. }
            | Self::WrongState { .. } => ErrorKind::Conflict,
            Self::ExitedBeforeReady { out_of_memory: true, .. } => ErrorKind::ResourceExhausted,
            Self::NotReady { .. } => ErrorKind::Timeout,
            Self::ExitedBeforeReady { .. } | Self::RemovedBeforeReady { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        hint(self)
    }

    fn causes(&self) -> Vec<String> {
        causes(self)
    }
}

/// What to type or change next.
fn hint(error: &ContainersError) -> Option<String> {
    use ContainersError as E;
    let hint = match error {
        E::Reach(error) => return error.hint(),
        E::Image(error) => return error.hint(),
        E::Key(error) => return error.hint(),
        E::Temporary(error) => return error.hint(),
        E::NotGranted { .. } => "`renku session provider grant` changes its permissions".to_owned(),
        E::InvalidName { .. } => {
            "use 2 to 63 letters, digits, `_`, `.` or `-`, a letter or digit first".to_owned()
        }
        E::NameTaken { .. } => {
            "choose another name with `--name`, or leave it out: one is made up then".to_owned()
        }
        E::VolumeTaken { volume } => format!(
            "choose another name with `--name`; if nothing in it is needed, `docker volume rm \
             {volume}` removes it"
        ),
        E::OptionRefused { option, .. } => {
            let name = option.split(' ').next().unwrap_or_default();
            format!("leave out `{name}`, or change its value")
        }
        E::Discarded { .. } => "leave out that option, or add `--best-effort`".to_owned(),
        E::SecretReplaced { name } => format!("leave out `--env {name}`"),
        E::MountTaken { .. } => "mount it at another place".to_owned(),
        E::NeedsImage { image, container: Some(_), .. } => {
            format!("if you trust `{image}` with that, type `--image {image}`, too")
        }
        E::NeedsImage { container: None, .. } => {
            "leave that out, or name an image that you trust with it: `--image IMAGE`".to_owned()
        }
        E::KernelMemoryUnsupported => {
            "leave out `--kernel-memory`, or add `--best-effort`".to_owned()
        }
        E::HostPortTaken { .. } => {
            "end what listens there, or start without `--network host`".to_owned()
        }
        E::PortTaken { .. } => "name another one with `--port`, or leave it out".to_owned(),
        E::MountMissing { .. } => "check the path on the left of `--volume`".to_owned(),
        E::NotFound { .. } => "`renku session ls` lists the sessions".to_owned(),
        E::CpuOverLimit { available, .. } => {
            format!("ask for at most `--cpu {available}`, or add `--best-effort`")
        }
        E::DiskUnsupported { .. } => {
            "leave out `--disk` (or `renku config unset disk_request`), or add `--best-effort`"
                .to_owned()
        }
        E::GpuUnavailable { .. } => {
            "install the NVIDIA container toolkit for this engine, ask for none with `--gpu 0`, \
             or add `--best-effort`"
                .to_owned()
        }
        E::ExitedBeforeReady { out_of_memory: true, .. } => {
            "ask for more with `--memory`".to_owned()
        }
        E::RemovedBeforeReady { .. } => "leave out `--rm` to see what it printed".to_owned(),
        E::NotReady { .. } => "allow more time with `--wait-timeout`".to_owned(),
        E::Sink(error) => return error.hint(),
        _ => return None,
    };
    Some(hint)
}

/// Why, outermost first, one line each.
fn causes(error: &ContainersError) -> Vec<String> {
    use ContainersError as E;
    match error {
        E::Reach(error) => error.causes(),
        E::Image(error) => error.causes(),
        E::Key(error) => error.causes(),
        E::Temporary(error) => error.causes(),
        E::Sink(error) => error.causes(),
        E::WrongState { message, .. }
        | E::PortTaken { message, .. }
        | E::OptionRefused { message, .. }
        | E::Discarded { message }
        | E::MountMissing { message }
        | E::GpuUnavailable { message }
        | E::Engine { message, .. } => vec![message.clone()],
        E::NeedsImage { container: Some(container), .. } => {
            container.lines().map(str::to_owned).collect()
        }
        E::NeedsImage { image, container: None, .. } => {
            vec![format!("the provider wants `{image}`, which is not here yet")]
        }
        E::KernelMemoryUnsupported => {
            let why = "Docker since 23 and Podman leave it out: kernel memory counts in `--memory`";
            vec![why.to_owned()]
        }
        E::HostPortTaken { .. } => {
            let why = "with `--network host` the session's own port is a port of this computer";
            vec![why.to_owned()]
        }
        E::VolumeTaken { .. } => {
            let why = "no session uses it; it may hold the only copy of what was done in one";
            vec![why.to_owned()]
        }
        E::ExitedBeforeReady { log, .. } | E::NotReady { log, .. } => log.clone(),
        E::NotGranted { granted, .. } => vec![format!("allowed: {granted}")],
        _ => Vec::new(),
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
        assert_eq!(error.hint().as_deref(), Some("ask for more with `--memory`"));
        assert_eq!(error.causes(), ["Killed"]);
    }
}
