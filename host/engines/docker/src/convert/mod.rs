//! The engine's answers in words of our own.

use bollard::models::{
    ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary, MountPoint, PortMap,
    PortSummary, PortSummaryTypeEnum,
};
use jiff::Timestamp;

use crate::contract::{ContainerRef, ContainerState, Found, Reach, Schedule};
use crate::domain::{Port, Transport};

/// A row of the list; none without a name.
pub(crate) fn from_summary(summary: ContainerSummary) -> Option<Found> {
    // Links add names with a second slash.
    let mut names = summary.names.iter().flatten().filter_map(|name| name.strip_prefix('/'));
    let name = names.find(|name| !name.contains('/'))?.to_owned();
    let state = summary.state.map(|state| state.to_string()).unwrap_or_default();
    let network = summary.host_config.and_then(|host| host.network_mode);
    let created = summary.created.and_then(|seconds| Timestamp::from_second(seconds).ok());
    Some(Found {
        container: ContainerRef { id: summary.id.unwrap_or_default(), name },
        image: summary.image.unwrap_or_default(),
        image_id: summary.image_id,
        state: state_of(&state),
        labels: summary.labels.unwrap_or_default().into_iter().collect(),
        ports: summary.ports.unwrap_or_default().into_iter().map(from_port_summary).collect(),
        reach: Reach::of(network.as_deref()),
        mounts: sources(summary.mounts),
        created_at: created.map(|time| time.to_string()),
        exit_code: summary.status.as_deref().and_then(exit_code_of),
        out_of_memory: false,
        environment: Vec::new(),
        schedule: Schedule::default(),
        user: String::new(),
        working_directory: String::new(),
    })
}

/// Everything about one container.
pub(crate) fn from_inspect(answer: ContainerInspectResponse) -> Found {
    let config = answer.config.unwrap_or_default();
    let engine_state = answer.state.unwrap_or_default();
    let state = engine_state.status.unwrap_or(ContainerStateStatusEnum::EMPTY).to_string();
    let state = state_of(&state);
    let ended =
        matches!(state, ContainerState::Exited | ContainerState::Dead | ContainerState::Removing);
    let network = answer.host_config.and_then(|host| host.network_mode);
    let ports = answer.network_settings.and_then(|settings| settings.ports).unwrap_or_default();
    let name = answer.name.unwrap_or_default().trim_start_matches('/').to_owned();
    let variables = config.env.unwrap_or_default();
    Found {
        container: ContainerRef { id: answer.id.unwrap_or_else(|| name.clone()), name },
        image: config.image.unwrap_or_default(),
        image_id: answer.image,
        state,
        labels: config.labels.unwrap_or_default().into_iter().collect(),
        ports: from_port_map(ports),
        reach: Reach::of(network.as_deref()),
        mounts: sources(answer.mounts),
        created_at: answer.created.as_deref().and_then(whole_seconds),
        exit_code: engine_state
            .exit_code
            .filter(|_| ended)
            .and_then(|code| i32::try_from(code).ok()),
        out_of_memory: ended && engine_state.oom_killed.unwrap_or(false),
        environment: variables
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        schedule: Schedule::default(),
        user: config.user.unwrap_or_default(),
        working_directory: config.working_dir.unwrap_or_default(),
    }
}

fn sources(mounts: Option<Vec<MountPoint>>) -> Vec<String> {
    mounts.into_iter().flatten().filter_map(|mount| mount.source).collect()
}

fn state_of(state: &str) -> ContainerState {
    match state {
        "created" => ContainerState::Created,
        "running" => ContainerState::Running,
        "paused" => ContainerState::Paused,
        "restarting" => ContainerState::Restarting,
        "removing" => ContainerState::Removing,
        "exited" => ContainerState::Exited,
        "dead" => ContainerState::Dead,
        _ => ContainerState::Unknown,
    }
}

/// `Exited (137) 5 minutes ago`.
fn exit_code_of(status: &str) -> Option<i32> {
    status.strip_prefix("Exited (")?.split(')').next()?.parse().ok()
}

/// The list has whole seconds, inspect has nanoseconds: one form for both.
fn whole_seconds(time: &str) -> Option<String> {
    let time: Timestamp = time.parse().ok()?;
    Some(Timestamp::from_second(time.as_second()).ok()?.to_string())
}

fn from_port_summary(port: PortSummary) -> Port {
    Port {
        container: port.private_port,
        host: port.public_port.filter(|port| *port != 0),
        host_ip: port.ip.filter(|ip| !ip.is_empty()),
        protocol: match port.typ {
            Some(PortSummaryTypeEnum::UDP) => Transport::Udp,
            Some(PortSummaryTypeEnum::SCTP) => Transport::Sctp,
            _ => Transport::Tcp,
        },
    }
}

/// Keys look like `8888/tcp`; no binding means: not published.
fn from_port_map(ports: PortMap) -> Vec<Port> {
    let mut all = Vec::new();
    for (key, bindings) in ports {
        let (number, protocol) = key.split_once('/').unwrap_or((&key, "tcp"));
        let Ok(container) = number.parse() else { continue };
        let protocol = match protocol {
            "udp" => Transport::Udp,
            "sctp" => Transport::Sctp,
            _ => Transport::Tcp,
        };
        let bindings = bindings.unwrap_or_default();
        if bindings.is_empty() {
            all.push(Port { container, host: None, host_ip: None, protocol });
        }
        all.extend(bindings.into_iter().map(|binding| Port {
            container,
            host: binding.host_port.and_then(|port| port.parse().ok()).filter(|port| *port != 0),
            host_ip: binding.host_ip.filter(|ip| !ip.is_empty()),
            protocol,
        }));
    }
    all
}

#[cfg(test)]
mod tests;
