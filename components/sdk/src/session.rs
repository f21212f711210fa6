//! A session begins with its name and state; the rest is filled in where it is
//! known.

use crate::types::{Session, SessionStatus};

impl Session {
    /// A session of which nothing else is known:
    /// `Session { url, ..Session::new(name, status) }`.
    pub fn new(name: impl Into<String>, status: SessionStatus) -> Self {
        Self {
            name: name.into(),
            status,
            url: None,
            image: None,
            project: None,
            branch: None,
            commit: None,
            started_at: None,
            ports: Vec::new(),
            reason: None,
        }
    }
}
