//! What the hub says: its users, their servers, and how far a start is (JupyterHub
//! REST API, `/hub/api`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the session of the server without a name is called.
pub(crate) const DEFAULT: &str = "default";

/// Whom the token belongs to.
#[derive(Debug, Deserialize)]
pub(crate) struct Identity {
    pub(crate) name: String,
    /// `user` or `service`.
    #[serde(default)]
    pub(crate) kind: String,
}

/// A user, as far as servers go.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    #[serde(default)]
    pub(crate) servers: BTreeMap<String, Server>,
}

/// A server of a user.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Server {
    /// Empty for the one that every user has.
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) ready: bool,
    /// `spawn`, `stop`, or nothing is under way.
    pub(crate) pending: Option<String>,
    #[serde(default)]
    pub(crate) stopped: bool,
    /// RFC 3339.
    pub(crate) started: Option<String>,
    /// Its path, with that of the hub before it.
    #[serde(default)]
    pub(crate) url: String,
    /// Its whole address, from hubs that know their own.
    pub(crate) full_url: Option<String>,
    /// What it was started with; none for one that never was.
    pub(crate) user_options: Option<Options>,
}

/// What we send with a start; of the rest nothing is read.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Options {
    pub(crate) image: Option<String>,
    /// Only sessions have it.
    pub(crate) renku: Option<Mark>,
}

/// What makes a server a session: the hub keeps it with the server, so nothing has
/// to be remembered here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The readable name of the project.
    pub(crate) project: String,
    /// Its identity: another project may have the same name. What was started before
    /// there was one has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) branch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commit: Option<String>,
    /// The page that opens.
    #[serde(default)]
    pub(crate) page: String,
}

/// One event of a start.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    pub(crate) message: String,
    pub(crate) ready: bool,
    pub(crate) failed: bool,
}

impl Server {
    /// What makes it a session, if it is one.
    pub(crate) fn mark(&self) -> Option<&Mark> {
        self.user_options.as_ref()?.renku.as_ref()
    }

    /// What its session is called.
    pub(crate) fn session(&self) -> &str {
        if self.name.is_empty() { DEFAULT } else { &self.name }
    }

    /// The hub lists the server without a name also when there is none.
    pub(crate) fn exists(&self) -> bool {
        !(self.name.is_empty() && self.stopped && self.pending.is_none())
    }
}
