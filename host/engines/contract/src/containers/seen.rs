//! A container as its provider sees it: only variables of its own, and ports as they
//! are reached.

use std::collections::BTreeMap;

use crate::ContainerInfo;
use crate::domain::{Port, Transport};
use crate::driver::Found;
use crate::options::Reach;
use crate::policy::labels::{self, Visibility};

/// What of a container may be told.
pub(crate) fn info(found: Found, visibility: Visibility) -> ContainerInfo {
    let ports = reachable(found.reach, &found.labels, found.ports);
    ContainerInfo {
        name: found.container.name,
        image: found.image,
        state: found.state,
        environment: own_environment(&found.labels, found.environment),
        ports: sorted(ports),
        labels: found.labels,
        created_at: found.created_at,
        exit_code: found.exit_code,
        out_of_memory: found.out_of_memory,
        legacy: visibility == Visibility::Legacy,
        schedule: found.schedule,
    }
}

/// Only what the provider set: the image and the host may have set secrets.
fn own_environment(
    labels: &BTreeMap<String, String>,
    environment: Vec<(String, String)>,
) -> BTreeMap<String, String> {
    let names: Vec<&str> =
        labels.get(labels::ENVIRONMENT).map(|names| names.split(',').collect()).unwrap_or_default();
    environment.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
}

/// The ports as they are reached. On the network of the engine's host nothing is
/// published: a port inside is a port outside.
fn reachable(reach: Reach, labels: &BTreeMap<String, String>, published: Vec<Port>) -> Vec<Port> {
    if reach != Reach::Host {
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

/// The address of a published port that can be connected to.
pub(crate) fn connectable(port: &Port) -> String {
    match port.host_ip.as_deref() {
        None | Some("0.0.0.0" | "::") => "127.0.0.1".to_owned(),
        Some(ip) if ip.contains(':') => format!("[{ip}]"),
        Some(ip) => ip.to_owned(),
    }
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
mod tests {
    use super::*;
    use crate::{ContainerRef, ContainerState, Schedule};

    fn found(labels: &[(&str, &str)], reach: Reach) -> Found {
        let port = |container, host| Port {
            container,
            host,
            host_ip: host.map(|_| "127.0.0.1".into()),
            protocol: Transport::Tcp,
        };
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Found {
            container: ContainerRef { id: "f0".into(), name: "analysis-x1".into() },
            image: "analysis:1".into(),
            image_id: None,
            state: ContainerState::Running,
            labels: labels.iter().map(owned).collect(),
            ports: vec![port(9000, None), port(8888, Some(32768))],
            reach,
            mounts: Vec::new(),
            created_at: None,
            exit_code: None,
            out_of_memory: false,
            environment: [("TOKEN", "a=b"), ("PATH", "/bin"), ("SECRET", "x")]
                .map(|it| owned(&it))
                .into(),
            schedule: Schedule::default(),
            user: String::new(),
            working_directory: String::new(),
        }
    }

    #[test]
    fn only_variables_of_the_provider_itself_are_told() {
        let labels = [(labels::ENVIRONMENT, "HOST,TOKEN")];
        let seen = info(found(&labels, Reach::Published), Visibility::Own);
        assert_eq!(seen.environment, BTreeMap::from([("TOKEN".into(), "a=b".into())]));
        let nothing = info(found(&[], Reach::Published), Visibility::Legacy);
        assert!(nothing.legacy && nothing.environment.is_empty());
    }

    #[test]
    fn on_the_network_of_the_host_a_port_inside_is_a_port_outside() {
        let labels = [(labels::PORTS, "8888,9000")];
        let ports = |reach| -> Vec<(u16, Option<u16>)> {
            let seen = info(found(&labels, reach), Visibility::Own);
            seen.ports.iter().map(|port| (port.container, port.host)).collect()
        };
        assert_eq!(ports(Reach::Published), [(8888, Some(32768)), (9000, None)]);
        assert_eq!(ports(Reach::Host), [(8888, Some(8888)), (9000, Some(9000))]);
    }
}
