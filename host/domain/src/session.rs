//! A session, as `ls` and `start` show it.

use serde::Serialize;

/// In which state a session is (`session-status` of the contract).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionStatus {
    /// It exists and does not answer yet.
    Starting,
    Running,
    /// Frozen in memory.
    Paused,
    /// Stored, can be resumed.
    Hibernated,
    /// About to end.
    Stopping,
    /// Ended by itself or never became ready.
    Failed,
    /// Stopped and still there.
    Stopped,
    /// The engine says something we have no word for.
    Unknown,
}

impl SessionStatus {
    /// The word users see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Hibernated => "hibernated",
            Self::Stopping => "stopping",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Unknown => "unknown",
        }
    }
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    Tcp,
    Udp,
    Sctp,
}

impl Transport {
    /// Its name, as it stands in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }
}

/// One port of a session and where it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Port {
    /// The port inside the session.
    pub container: u16,
    /// The port on the engine's host.
    pub host: Option<u16>,
    /// The address it is published on, without brackets.
    pub host_ip: Option<String>,
    /// The transport protocol.
    pub protocol: Transport,
}

/// One session. Serialised, it is the object of the versioned JSON output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// What a user types.
    pub name: String,
    /// The provider, as its name was resolved (`docker`, `file:…`).
    pub provider: String,
    pub status: SessionStatus,
    /// Where it opens.
    pub url: Option<String>,
    /// The image it runs.
    pub image: Option<String>,
    /// The readable project name.
    pub project: Option<String>,
    /// The branch it was started from.
    pub branch: Option<String>,
    /// The commit it was started from.
    pub commit: Option<String>,
    /// When it started, RFC 3339.
    pub started_at: Option<String>,
    pub ports: Vec<Port>,
    /// Why it is in this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What its engine knows beyond that, where somebody asked for it.
    #[serde(skip_serializing_if = "SessionDetails::is_empty")]
    pub details: SessionDetails,
}

/// What some engines know of a session, and others do not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SessionDetails {
    /// Why it is in its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it will start, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_start: Option<String>,
    /// When it will end, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_end: Option<String>,
    /// What it has of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<String>,
    /// What it was started from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launcher: Option<String>,
    /// The computer that it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}

impl SessionDetails {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
