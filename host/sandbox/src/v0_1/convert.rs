//! Between generated types and our own. Nothing is decided here, except that
//! texts of a guest are cleaned.

use super::bindings::exports::renku::session::provider as guest;
use super::bindings::renku::session::{containers, types};
use crate::containers as capability;
use crate::domain::{
    Diagnostic, ErrorKind, Gpu, ImageState, Port, ProviderError, Resources, Session,
    SessionDetails, SessionStatus, Transport, shown_name,
};
use crate::gate::{clean, cut, one_line};
use crate::invocation::ProviderInfo;

/// Causes of one error that are kept.
const CAUSES: usize = 100;

/// Characters of the reason why a session is in its state.
const REASON: usize = 200;

/// What a host function gives its guest; the outer error ends the guest.
pub(super) type ToGuest<T> = wasmtime::Result<Result<T, types::Error>>;

pub(super) fn error_to_guest(error: &dyn Diagnostic) -> types::Error {
    types::Error {
        kind: match error.kind() {
            ErrorKind::InvalidInput => types::ErrorKind::InvalidInput,
            ErrorKind::NotFound => types::ErrorKind::NotFound,
            ErrorKind::Conflict => types::ErrorKind::Conflict,
            ErrorKind::Unauthenticated => types::ErrorKind::Unauthenticated,
            ErrorKind::Denied => types::ErrorKind::Denied,
            ErrorKind::Unavailable => types::ErrorKind::Unavailable,
            ErrorKind::Timeout => types::ErrorKind::Timeout,
            ErrorKind::Cancelled => types::ErrorKind::Cancelled,
            ErrorKind::Unsupported => types::ErrorKind::Unsupported,
            ErrorKind::ResourceExhausted => types::ErrorKind::ResourceExhausted,
            ErrorKind::DryRun => types::ErrorKind::DryRun,
            ErrorKind::Other => types::ErrorKind::Other,
        },
        message: error.to_string(),
        help: error.hint(),
        causes: error.causes(),
    }
}

pub(super) fn error_from_guest(error: types::Error) -> ProviderError {
    ProviderError {
        kind: match error.kind {
            types::ErrorKind::InvalidInput => ErrorKind::InvalidInput,
            types::ErrorKind::NotFound => ErrorKind::NotFound,
            types::ErrorKind::Conflict => ErrorKind::Conflict,
            types::ErrorKind::Unauthenticated => ErrorKind::Unauthenticated,
            types::ErrorKind::Denied => ErrorKind::Denied,
            types::ErrorKind::Unavailable => ErrorKind::Unavailable,
            types::ErrorKind::Timeout => ErrorKind::Timeout,
            types::ErrorKind::Cancelled => ErrorKind::Cancelled,
            types::ErrorKind::Unsupported => ErrorKind::Unsupported,
            types::ErrorKind::ResourceExhausted => ErrorKind::ResourceExhausted,
            types::ErrorKind::DryRun => ErrorKind::DryRun,
            types::ErrorKind::Other => ErrorKind::Other,
        },
        message: clean(&error.message),
        // A hint may be a snippet of several lines.
        help: error.help.map(|help| cut(&help).lines().map(clean).collect::<Vec<_>>().join("\n")),
        causes: error.causes.iter().take(CAUSES).map(|cause| clean(cause)).collect(),
        speaker: None,
    }
}

pub(super) fn info_from_guest(info: &types::ProviderInfo) -> ProviderInfo {
    ProviderInfo {
        name: clean(&info.name),
        version: clean(&info.version),
        about: clean(&info.about),
    }
}

pub(super) fn session_from_guest(provider: &str, session: types::Session) -> Session {
    let text = |value: Option<String>| value.map(|value| one_line(&value));
    Session {
        name: shown_name(&session.name).into_owned(),
        provider: provider.to_owned(),
        status: match session.status {
            types::SessionStatus::Starting => SessionStatus::Starting,
            types::SessionStatus::Running => SessionStatus::Running,
            types::SessionStatus::Paused => SessionStatus::Paused,
            types::SessionStatus::Hibernated => SessionStatus::Hibernated,
            types::SessionStatus::Stopping => SessionStatus::Stopping,
            types::SessionStatus::Failed => SessionStatus::Failed,
            types::SessionStatus::Stopped => SessionStatus::Stopped,
            types::SessionStatus::Unknown => SessionStatus::Unknown,
        },
        url: text(session.url),
        image: text(session.image),
        project: text(session.project),
        branch: text(session.branch),
        commit: text(session.commit),
        started_at: text(session.started_at),
        ports: session.ports.into_iter().map(port_from_guest).collect(),
        reason: text(session.reason).map(|reason| reason.chars().take(REASON).collect()),
        details: SessionDetails::default(),
    }
}

fn port_from_guest(port: types::Port) -> Port {
    Port {
        container: port.container,
        host: port.host,
        host_ip: port.host_ip.map(|address| clean(&address)),
        protocol: match port.protocol {
            types::Transport::Tcp => Transport::Tcp,
            types::Transport::Udp => Transport::Udp,
            types::Transport::Sctp => Transport::Sctp,
        },
    }
}

pub(super) fn port_to_guest(port: &Port) -> types::Port {
    types::Port {
        container: port.container,
        host: port.host,
        host_ip: port.host_ip.clone(),
        protocol: match port.protocol {
            Transport::Tcp => types::Transport::Tcp,
            Transport::Udp => types::Transport::Udp,
            Transport::Sctp => types::Transport::Sctp,
        },
    }
}

pub(super) fn image_state_from_guest(state: guest::ImageState) -> ImageState {
    match state {
        guest::ImageState::Local => ImageState::Local,
        guest::ImageState::Remote => ImageState::Remote,
        guest::ImageState::Absent => ImageState::Absent,
        guest::ImageState::Inaccessible => ImageState::Inaccessible,
    }
}

pub(super) fn image_state_to_guest(state: ImageState) -> types::ImageState {
    match state {
        ImageState::Local => types::ImageState::Local,
        ImageState::Remote => types::ImageState::Remote,
        ImageState::Absent => types::ImageState::Absent,
        ImageState::Inaccessible => types::ImageState::Inaccessible,
    }
}

pub(super) fn resources_to_guest(resources: &Resources) -> types::Resources {
    types::Resources {
        cpu: resources.cpu,
        memory: resources.memory,
        disk: resources.disk,
        gpu: resources.gpu.as_ref().map(|gpu| match gpu {
            Gpu::Count(count) => types::GpuRequest::Count(*count),
            Gpu::All => types::GpuRequest::All,
            Gpu::Devices(devices) => types::GpuRequest::Devices(devices.clone()),
        }),
    }
}

pub(super) fn resources_from_guest(resources: types::Resources) -> Resources {
    Resources {
        cpu: resources.cpu,
        memory: resources.memory,
        disk: resources.disk,
        gpu: resources.gpu.map(|gpu| match gpu {
            types::GpuRequest::Count(count) => Gpu::Count(count),
            types::GpuRequest::All => Gpu::All,
            types::GpuRequest::Devices(devices) => Gpu::Devices(devices),
        }),
    }
}

pub(super) fn container_state_to_guest(
    state: capability::ContainerState,
) -> containers::ContainerState {
    use containers::ContainerState as To;
    match state {
        capability::ContainerState::Created => To::Created,
        capability::ContainerState::Running => To::Running,
        capability::ContainerState::Paused => To::Paused,
        capability::ContainerState::Restarting => To::Restarting,
        capability::ContainerState::Removing => To::Removing,
        capability::ContainerState::Exited => To::Exited,
        capability::ContainerState::Dead => To::Dead,
        capability::ContainerState::Unknown => To::Unknown,
    }
}
