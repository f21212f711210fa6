//! There is no way to this engine, because a fault says so.

use crate::contract::{Attempt, ContainersError, ReachError};
use crate::domain::{Diagnostic, ErrorKind};

/// Why there is no way to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreachable {
    /// Nobody listens.
    #[error("no container engine can be reached")]
    NobodyListens,
    /// The user may not use it.
    #[error("you may not use the container engine at `memory`")]
    NotAllowed,
}

impl Diagnostic for Unreachable {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NobodyListens => ErrorKind::Unavailable,
            Self::NotAllowed => ErrorKind::Denied,
        }
    }

    fn causes(&self) -> Vec<String> {
        let reason = match self {
            Self::NobodyListens => "nobody listens",
            Self::NotAllowed => "permission denied",
        };
        vec![Attempt { address: "memory".into(), reason: reason.into() }.shown()]
    }
}

impl From<Unreachable> for ContainersError {
    fn from(error: Unreachable) -> Self {
        ReachError::NoEngine(Box::new(error)).into()
    }
}
