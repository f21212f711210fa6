//! What an engine means when it refuses a container. Its own words are shown as
//! well; without the option that they are about they are hard to place.

use crate::contract::{ContainersError, ImageError, Published, RunSpec, Typed};
use crate::docker_facts::DockerFacts;
use crate::domain::Resources;
use crate::engine_errors;

/// Words of Docker's and Podman's answers, and the options they are about. The
/// first one that was typed is meant.
const WORDS: &[(&str, &[&str])] = &[
    ("kernel memory", &["kernel-memory"]),
    ("MAC address", &["mac-address"]),
    ("device information", &["device"]),
    ("Duplicate mount point", &["volume", "tmpfs"]),
    ("volume plugin", &["volume-driver"]),
    ("bind source path", &["volume"]),
    ("mount path", &["volume", "tmpfs"]),
    ("o such container", &["volumes-from", "network"]),
    ("network", &["network"]),
    ("untime", &["runtime"]),
    ("find user", &["user"]),
    ("find group", &["group-add", "user"]),
    ("CapAdd", &["cap-add"]),
    ("CapDrop", &["cap-drop"]),
    ("capability", &["cap-add", "cap-drop"]),
    ("security-opt", &["security-opt"]),
    ("seccomp", &["security-opt"]),
    ("apparmor", &["security-opt"]),
    ("apply caps", &["privileged", "cap-add"]),
    ("rt_", &["cpu-rt-runtime", "cpu-rt-period"]),
    ("real-time", &["cpu-rt-runtime", "cpu-rt-period"]),
    ("CPUs are not available", &["cpuset-cpus"]),
    ("emory nodes are not available", &["cpuset-mems"]),
    ("swappiness", &["memory-swappiness"]),
    ("sysctl", &["sysctl"]),
    ("ulimit", &["ulimit"]),
    ("rlimit", &["ulimit"]),
    ("signal", &["stop-signal"]),
    ("solation", &["isolation"]),
    ("platform", &["platform"]),
    ("cgroup", &["cgroup-parent"]),
    ("IPC", &["ipc"]),
    ("ipc", &["ipc"]),
    ("executable file not found", &["entrypoint"]),
    ("exec:", &["entrypoint"]),
    ("mount", &["volume", "tmpfs", "device"]),
];

/// The named error in the engine's answer to a request that makes or starts `run`.
pub(crate) fn named(
    run: &RunSpec,
    facts: Option<&DockerFacts>,
    action: &'static str,
    error: &bollard::errors::Error,
) -> ContainersError {
    let message = engine_errors::message(error);
    if let Some(port) = taken_port(&run.ports, &message) {
        return ContainersError::PortTaken { port, message };
    }
    if message.contains("bind source path does not exist") {
        return ContainersError::MountMissing { message };
    }
    if let Some(named) = resource(&message, &run.resources, facts) {
        return named;
    }
    let taken = message.contains("already in use");
    match engine_errors::status(error) {
        Some(404) if message.contains("image") && !message.contains("platform") => {
            ImageError::ImageMissing { image: run.image.clone() }.into()
        }
        // Podman answers 500.
        Some(409 | 500) if taken && message.contains("name") => {
            ContainersError::NameTaken { name: run.name.clone() }
        }
        _ => match option(&run.typed, &message) {
            Some(option) => ContainersError::OptionRefused { option, message },
            None => ContainersError::Engine { action, message },
        },
    }
}

/// The named error, if it is about resources.
fn resource(
    message: &str,
    resources: &Resources,
    facts: Option<&DockerFacts>,
) -> Option<ContainersError> {
    if resources.gpu.is_some()
        && ["could not select device driver", "nvidia", "CDI"].iter().any(|it| message.contains(it))
    {
        return Some(ContainersError::GpuUnavailable { message: message.to_owned() });
    }
    if resources.disk.is_some() && (message.contains("storage-opt") || message.contains("quota")) {
        return facts.map(|facts| ContainersError::DiskUnsupported { driver: facts.storage() });
    }
    None
}

/// The typed option that the engine's answer is about.
fn option(typed: &Typed, message: &str) -> Option<String> {
    WORDS
        .iter()
        .filter(|(words, _)| message.contains(words))
        .flat_map(|(_, options)| options.iter())
        .find_map(|option| typed.shown(option))
}

/// The host port that was typed and that `message` says is taken.
fn taken_port(ports: &[Published], message: &str) -> Option<u16> {
    let is_taken = ["port is already allocated", "address already in use"];
    if !is_taken.iter().any(|words| message.contains(words)) {
        return None;
    }
    let mut typed = ports.iter().filter_map(|published| published.host.port);
    let first = typed.clone().next();
    typed.find(|port| message.contains(&format!(":{port}"))).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::HostPort;
    use crate::domain::{Gpu, Transport};

    #[test]
    fn a_taken_port_is_told_from_other_failures() {
        let published = |port, container| Published {
            host: HostPort { port, ..HostPort::FREE },
            container,
            protocol: Transport::Tcp,
        };
        let ports = [published(Some(8888), 8888), published(Some(9999), 80)];
        let docker = "Bind for 127.0.0.1:9999 failed: port is already allocated";
        let kernel = "listen tcp4 127.0.0.1:8888: bind: address already in use";
        assert_eq!(taken_port(&ports, docker), Some(9999));
        assert_eq!(taken_port(&ports, kernel), Some(8888));
        assert_eq!(taken_port(&ports, "no space left on device"), None);
        assert_eq!(taken_port(&[published(None, 80)], docker), None);
    }

    fn answer(status_code: u16, message: &str) -> String {
        let run = RunSpec { name: "a1".into(), image: "analysis:1".into(), ..RunSpec::default() };
        let error = bollard::errors::Error::DockerResponseServerError {
            status_code,
            message: message.into(),
        };
        named(&run, None, "create the container", &error).to_string()
    }

    #[test]
    fn answers_of_engines_get_their_names() {
        let docker = "Conflict. The container name \"/a1\" is already in use by container \"f0\".";
        let podman =
            "creating container storage: the container name \"a1\" is already in use by f0";
        assert_eq!(answer(409, docker), "a container called `a1` exists already");
        assert_eq!(answer(500, podman), "a container called `a1` exists already");
        assert_eq!(
            answer(404, "No such image: analysis:1"),
            "there is no image `analysis:1` on this engine"
        );
        assert_eq!(answer(500, "disk full"), "the container engine failed to create the container");
    }

    #[test]
    fn a_disk_limit_that_is_refused_is_one_that_the_storage_does_not_know() {
        let resources = Resources { disk: Some(1), ..Resources::default() };
        let facts = DockerFacts {
            storage_driver: "overlay2".into(),
            backing_filesystem: "xfs".into(),
            ..DockerFacts::default()
        };
        let message =
            "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
        let error = resource(message, &resources, Some(&facts)).expect("named");
        assert_eq!(
            error.to_string(),
            "this engine cannot limit disk space (storage driver `overlay2 on xfs`)"
        );
    }

    #[test]
    fn an_engine_without_gpus_is_named_only_when_gpus_were_asked_for() {
        let message = "could not select device driver \"\" with capabilities: [[gpu]]";
        let resources = Resources { gpu: Some(Gpu::All), ..Resources::default() };
        assert!(matches!(
            resource(message, &resources, None),
            Some(ContainersError::GpuUnavailable { .. })
        ));
        assert!(resource(message, &Resources::default(), None).is_none());
    }
}
