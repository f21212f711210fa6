//! Containers of the engine.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::contract::{
    ContainerRef, ContainerState, Found, MountedFiles, Reach, RunSpec, Schedule,
};
use crate::domain::{Port, Resources, Transport};

/// A container of the engine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Container {
    /// 64 digits.
    pub id: String,
    pub name: String,
    /// The later, the higher.
    pub number: u64,
    /// The name of its image.
    pub image: String,
    pub image_id: String,
    pub stage: Stage,
    /// Labels, those of the image included.
    pub labels: BTreeMap<String, String>,
    /// The whole program: entrypoint and command.
    pub program: Vec<String>,
    /// Variables, those of the image included.
    pub environment: BTreeMap<String, String>,
    /// Where the program begins.
    pub working_directory: String,
    /// As whom it runs; empty: as root.
    pub user: String,
    /// Where the project is, and the folder that is mounted there, where one is.
    pub project: Option<(String, Option<String>)>,
    /// The ports that it publishes.
    pub ports: Vec<PublishedPort>,
    /// The network that it is in; none: the usual one.
    pub network: Option<String>,
    /// Other folders that it mounts.
    pub mounts: Vec<String>,
    /// The volume that was made for it.
    pub volume: Option<String>,
    /// Limits: CPUs, and bytes of memory and disk.
    pub cpus: Option<f64>,
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Bytes of disk.
    pub disk: Option<u64>,
    /// What the user typed for the engine.
    pub options: serde_json::Value,
    /// Whether it is removed when it ends.
    pub rm: bool,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// The process that stands in for its program.
    pub process: Option<u32>,
    /// Its exit status, once it ended.
    pub exit_code: Option<i32>,
    /// Whether memory ran out.
    pub out_of_memory: bool,
    /// Seconds that it may run.
    pub time_limit: Option<u64>,
    /// What a queue would know of it; what a test wants known, it writes here.
    pub schedule: Schedule,
}

/// How far a container is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Never started.
    #[default]
    Created,
    Running,
    Paused,
    Exited,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPort {
    /// The port of the container.
    pub container: u16,
    /// The address of this machine.
    pub address: IpAddr,
    /// The port of this machine; none: a free one, once it runs.
    pub wanted: Option<u16>,
    /// Where it is published, while it runs.
    pub host: Option<u16>,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
}

impl Container {
    /// Made from what the host decided; the image's part is still missing.
    pub(crate) fn of(run: &RunSpec) -> Self {
        let ports = run.ports.iter().map(|port| PublishedPort {
            container: port.container,
            address: port.host.address,
            wanted: port.host.port.filter(|port| *port != 0),
            host: None,
            protocol: protocol(port.protocol).to_owned(),
        });
        let project = run.project.as_ref().map(|project| match &project.files {
            MountedFiles::Folder(folder) => {
                (project.target.clone(), Some(folder.display().to_string()))
            }
            MountedFiles::Volume(_) | MountedFiles::Nowhere => (project.target.clone(), None),
        });
        let folders = run.options.volume.iter().filter(|it| it.source.starts_with('/'));
        let Resources { cpu, memory, disk, gpu: _ } = run.resources;
        Self {
            name: run.name.clone(),
            image: run.image.clone(),
            labels: run.labels.clone(),
            environment: run.environment.clone(),
            working_directory: run.working_directory.clone().unwrap_or_default(),
            user: run.user.clone().unwrap_or_default(),
            project,
            ports: ports.collect(),
            network: run.options.network.clone(),
            mounts: folders.map(|it| it.source.clone()).collect(),
            volume: run.volume().map(str::to_owned),
            cpus: cpu,
            memory,
            disk,
            options: serde_json::to_value(&run.options).unwrap_or_default(),
            rm: run.options.rm,
            time_limit: run.time_limit,
            ..Self::default()
        }
    }

    /// How others refer to it.
    pub(crate) fn reference(&self) -> ContainerRef {
        ContainerRef { id: self.id.clone(), name: self.name.clone() }
    }

    /// As the engine answers about it. Of what has ended nothing is published.
    pub(crate) fn found(&self) -> Found {
        let is_up = matches!(self.stage, Stage::Running | Stage::Paused);
        let ports = self.ports.iter().filter(|_| is_up).map(|port| Port {
            container: port.container,
            host: port.host,
            host_ip: Some(port.address.to_string()),
            protocol: match port.protocol.as_str() {
                "udp" => Transport::Udp,
                "sctp" => Transport::Sctp,
                _ => Transport::Tcp,
            },
        });
        let folder = self.project.iter().filter_map(|(_, folder)| folder.clone());
        Found {
            container: self.reference(),
            image: self.image.clone(),
            image_id: Some(self.image_id.clone()),
            state: match self.stage {
                Stage::Created => ContainerState::Created,
                Stage::Running => ContainerState::Running,
                Stage::Paused => ContainerState::Paused,
                Stage::Exited => ContainerState::Exited,
            },
            labels: self.labels.clone(),
            ports: ports.collect(),
            reach: Reach::of(self.network.as_deref()),
            mounts: folder.chain(self.mounts.iter().cloned()).collect(),
            created_at: Some(self.created_at.clone()),
            exit_code: self.exit_code,
            out_of_memory: self.out_of_memory,
            environment: self.environment.clone().into_iter().collect(),
            schedule: self.schedule.clone(),
            user: self.user.clone(),
            working_directory: self.working_directory.clone(),
        }
    }
}

fn protocol(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
        Transport::Sctp => "sctp",
    }
}
