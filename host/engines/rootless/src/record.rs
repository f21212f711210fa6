//! What is kept of a session, each in a file that is written once.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::Digest;

/// The session as it was made. It has the session's token in its variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) name: String,
    /// What the image was called.
    pub(crate) image: String,
    pub(crate) digest: Digest,
    /// Those of the image included.
    pub(crate) labels: BTreeMap<String, String>,
    /// Those of the image included.
    pub(crate) environment: BTreeMap<String, String>,
    /// The whole program, for a container of its own: it is moved when it starts.
    pub(crate) program: Vec<String>,
    pub(crate) directory: String,
    /// The folder of the project and where it is in the session.
    pub(crate) project: Option<(PathBuf, String)>,
    /// Where the session has a folder of its own instead: empty, or with a copy of the
    /// project.
    #[serde(default)]
    pub(crate) own_folder: Option<String>,
    /// What else the user mounts.
    #[serde(default)]
    pub(crate) volumes: Vec<Volume>,
    /// Folders in memory.
    #[serde(default)]
    pub(crate) temporary: Vec<String>,
    /// Where the home is in the session.
    pub(crate) home: String,
    /// Whether the session has a list of users of its own.
    pub(crate) has_users: bool,
    pub(crate) ports: Vec<WantedPort>,
    /// The runtime that makes its box.
    pub(crate) runtime: String,
    /// Whether it has no network.
    #[serde(default)]
    pub(crate) is_offline: bool,
    #[serde(default)]
    pub(crate) limits: Limits,
    /// Whether systemd keeps it in a scope, and within its limits.
    #[serde(default)]
    pub(crate) is_in_scope: bool,
    /// RFC 3339, UTC.
    pub(crate) created_at: String,
}

/// A file or folder of this machine that the user mounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Volume {
    pub(crate) source: PathBuf,
    pub(crate) target: String,
    pub(crate) is_writable: bool,
}

/// How much a session may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Limits {
    pub(crate) cpu: Option<f64>,
    /// In bytes.
    pub(crate) memory: Option<u64>,
}

impl Limits {
    pub(crate) fn are_some(&self) -> bool {
        self.cpu.is_some() || self.memory.is_some()
    }
}

/// A port of a program, and where the user wants it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WantedPort {
    pub(crate) container: u16,
    pub(crate) address: IpAddr,
    /// None: a free one.
    pub(crate) host: Option<u16>,
}

/// What was chosen when it started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Started {
    /// Where its program listens: the port as the session has it, and that of this
    /// machine.
    pub(crate) ports: Vec<(u16, u16)>,
    /// Whether it can be frozen.
    #[serde(default)]
    pub(crate) can_pause: bool,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) status: i32,
}
