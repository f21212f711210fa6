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
    /// Where the home is in the session.
    pub(crate) home: String,
    /// Whether the session has a list of users of its own.
    pub(crate) has_users: bool,
    pub(crate) ports: Vec<WantedPort>,
    /// RFC 3339, UTC.
    pub(crate) created_at: String,
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
    pub(crate) runtime: String,
    /// Where its program listens: the port as the session has it, and that of this
    /// machine.
    pub(crate) ports: Vec<(u16, u16)>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct End {
    pub(crate) status: i32,
}
