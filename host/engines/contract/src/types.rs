//! What crosses between a provider and the containers capability.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{Identity, Port, ProviderError, Resources};
use crate::files::session_key::KeyFile;

/// For whom the capability works: set by the host, never by a component.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The provider, whose label is `io.renku.session.provider`.
    pub provider: Identity,
    /// The project of the command; none: all projects of this provider.
    pub project: Option<ProjectScope>,
    /// Whether containers of the Python `renku` are visible too.
    pub legacy: bool,
    /// The key of the user whose sessions these are.
    pub key: KeyFile,
}

/// The project a command is about, as far as containers are concerned.
#[derive(Debug, Clone)]
pub struct ProjectScope {
    /// The value of the label `io.renku.session.project`.
    pub id: String,
    /// The canonical git root.
    pub root: PathBuf,
    /// How a container gets its files.
    pub files: ProjectFiles,
}

/// How the files of a project get into a container.
#[derive(Debug, Clone, Default)]
pub enum ProjectFiles {
    /// They are mounted: changes are there at once, on both sides.
    #[default]
    Mounted,
    /// They are copied into a volume once.
    Copied(Arc<ProjectCopy>),
    /// Not at all.
    Absent,
}

/// What is copied, decided by whoever knows the project.
#[derive(Debug, Default)]
pub struct ProjectCopy {
    /// Files and links, relative to the root, folders before what is in them.
    pub paths: Vec<PathBuf>,
    /// Kept beside the copy and given back with it.
    pub note: Vec<u8>,
}

/// A copied project, as it is in a session now.
#[derive(Debug)]
pub struct CopiedProject {
    /// A tar archive; its paths begin with the name of the project's folder.
    pub archive: std::fs::File,
    /// What was kept beside the copy.
    pub note: Vec<u8>,
}

/// As whom the session's program should run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunAs {
    /// As the owner of the project's files.
    #[default]
    ProjectOwner,
    /// As the image says.
    ImageUser,
}

/// What a provider wants started.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContainerSpec {
    /// The container's name.
    pub name: String,
    /// A local image.
    pub image: String,
    /// Replaces CMD.
    pub command: Option<Vec<String>>,
    /// Replaces ENTRYPOINT.
    pub entrypoint: Option<Vec<String>>,
    /// Environment variables, later ones win.
    pub environment: Vec<(String, String)>,
    /// Labels; `io.renku.*` is refused.
    pub labels: BTreeMap<String, String>,
    /// TCP ports to publish.
    pub publish: Vec<u16>,
    /// Where in the container the project is mounted.
    pub mount_project: Option<String>,
    pub working_directory: Option<String>,
    /// As whom to run.
    pub run_as: RunAs,
    pub resources: Resources,
    /// How long it may run.
    pub time_limit: Option<Duration>,
    /// Where the program reads its ports.
    pub port_placeholders: Vec<PortPlaceholder>,
}

/// What stands for a port until it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortPlaceholder {
    /// A published port.
    pub port: u16,
    /// What becomes the number on which the program listens.
    pub placeholder: String,
}

/// What engines with a queue or several computers know of a container.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Why it is in its state.
    pub reason: Option<String>,
    /// When it is expected to start, RFC 3339, UTC.
    pub expected_start: Option<String>,
    /// When the engine will end it, RFC 3339, UTC.
    pub expected_end: Option<String>,
    /// The computer that it runs on.
    pub node: Option<String>,
}

/// In which state a container is, in the engine's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerState {
    /// Created, never started.
    Created,
    Running,
    Paused,
    /// Being restarted by the engine.
    Restarting,
    Removing,
    Exited,
    /// Ended, not cleaned up.
    Dead,
    Unknown,
}

impl ContainerState {
    /// The engine's word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Removing => "removing",
            Self::Exited => "exited",
            Self::Dead => "dead",
            Self::Unknown => "unknown",
        }
    }
}

/// A container, as it was when asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerInfo {
    /// Its name, without the leading slash of the engine's API.
    pub name: String,
    pub image: String,
    pub state: ContainerState,
    pub labels: BTreeMap<String, String>,
    /// Its ports, ascending.
    pub ports: Vec<Port>,
    /// RFC 3339, UTC.
    pub created_at: Option<String>,
    /// Its exit status, once it ended.
    pub exit_code: Option<i32>,
    /// Whether memory ran out.
    pub out_of_memory: bool,
    /// Only what the provider itself set; empty in lists.
    pub environment: BTreeMap<String, String>,
    /// Whether the Python `renku` made it.
    pub legacy: bool,
    /// What a queue knows of it.
    pub schedule: Schedule,
}

/// One question of `wait_ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// An absolute path.
    pub path: String,
    /// The answer counts when its status is below this.
    pub status_below: u16,
}

/// Where log bytes go.
pub trait LogSink: Send + Sync {
    /// Takes bytes as the session printed them.
    ///
    /// # Errors
    ///
    /// `cancelled` when nobody reads any more.
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError>;
}

/// A copy of a project without its session.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftCopy {
    /// The name that the session had.
    pub session: String,
    /// The identity of the project.
    pub project: String,
}
