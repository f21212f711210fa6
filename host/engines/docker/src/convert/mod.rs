//! The engine's answers as the types of this room.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary, PortMap, PortSummary,
    PortSummaryTypeEnum,
};
use jiff::Timestamp;

use super::labels::{self, Visibility};
use super::options::Reach;
use super::{ContainerInfo, ContainerState};
use crate::domain::{Port, Transport};

/// A row of the list. `visibility` is what [`labels::visibility`] said.
pub(super) fn from_summary(
    name: String,
    summary: ContainerSummary,
    visibility: Visibility,
) -> ContainerInfo {
    let state = summary.state.map(|state| state.to_string()).unwrap_or_default();
    let network = summary.host_config.and_then(|host| host.network_mode);
    let labels = summary.labels.unwrap_or_default();
    let published = summary.ports.unwrap_or_default().into_iter().map(from_port_summary).collect();
    let created = summary.created.and_then(|seconds| Timestamp::from_second(seconds).ok());
    ContainerInfo {
        name,
        image: summary.image.unwrap_or_default(),
        state: state_of(&state),
        ports: sorted(reachable(network.as_deref(), &labels, published)),
        labels: labels.into_iter().collect(),
        created_at: created.map(|time| time.to_string()),
        exit_code: summary.status.as_deref().and_then(exit_code_of),
        out_of_memory: false,
        environment: BTreeMap::new(),
        legacy: visibility == Visibility::Legacy,
    }
}

/// Everything about one container.
pub(super) fn from_inspect(
    name: &str,
    answer: ContainerInspectResponse,
    visibility: Visibility,
) -> ContainerInfo {
    let config = answer.config.unwrap_or_default();
    let labels = config.labels.unwrap_or_default();
    let engine_state = answer.state.unwrap_or_default();
    let state = engine_state.status.unwrap_or(ContainerStateStatusEnum::EMPTY).to_string();
    let state = state_of(&state);
    let ended =
        matches!(state, ContainerState::Exited | ContainerState::Dead | ContainerState::Removing);
    let network = answer.host_config.and_then(|host| host.network_mode);
    let ports = answer.network_settings.and_then(|settings| settings.ports).unwrap_or_default();
    ContainerInfo {
        name: name.to_owned(),
        image: config.image.unwrap_or_default(),
        state,
        environment: own_environment(&labels, config.env.as_deref().unwrap_or_default()),
        ports: sorted(reachable(network.as_deref(), &labels, from_port_map(ports))),
        labels: labels.into_iter().collect(),
        created_at: answer.created.as_deref().and_then(whole_seconds),
        exit_code: engine_state
            .exit_code
            .filter(|_| ended)
            .and_then(|code| i32::try_from(code).ok()),
        out_of_memory: ended && engine_state.oom_killed.unwrap_or(false),
        legacy: visibility == Visibility::Legacy,
    }
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

/// Only what the provider set: the image and the host may have set secrets.
fn own_environment(
    labels: &HashMap<String, String>,
    environment: &[String],
) -> BTreeMap<String, String> {
    let names: Vec<&str> =
        labels.get(labels::ENVIRONMENT).map(|names| names.split(',').collect()).unwrap_or_default();
    environment
        .iter()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| names.contains(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
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

/// The ports as they are reached. On the network of the engine's host nothing is
/// published: a port inside is a port outside.
fn reachable(
    network: Option<&str>,
    labels: &HashMap<String, String>,
    published: Vec<Port>,
) -> Vec<Port> {
    if Reach::of(network) != Reach::Host {
        return published;
    }
    let ports = labels.get(labels::PORTS).map(String::as_str).unwrap_or_default();
    ports
        .split(',')
        .filter_map(|port| port.parse().ok())
        .map(|port| Port {
            container: port,
            host: Some(port),
            host_ip: Some("127.0.0.1".to_owned()),
            protocol: Transport::Tcp,
        })
        .collect()
}

fn sorted(mut ports: Vec<Port>) -> Vec<Port> {
    ports.sort_by(|a, b| {
        (a.container, a.protocol, &a.host_ip, a.host).cmp(&(
            b.container,
            b.protocol,
            &b.host_ip,
            b.host,
        ))
    });
    ports
}

#[cfg(test)]
mod tests;
