//! There is no way to this engine, because a fault says so.

use crate::contract::{Attempt, ContainersError, ReachError};
use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Why there is no way to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreachable {
    #[error("no container engine can be reached")]
    NobodyListens,
    /// The user may not use it.
    #[error("you may not use the container engine at `memory`")]
    NotAllowed,
}

impl Diagnostic for Unreachable {
    fn advice(&self) -> Advice<'_> {
        let attempt =
            |reason: &str| [Attempt { address: "memory".into(), reason: reason.into() }.shown()];
        match self {
            Self::NobodyListens => ErrorKind::Unavailable.causes(attempt("nobody listens")),
            Self::NotAllowed => ErrorKind::Denied.causes(attempt("permission denied")),
        }
    }
}

impl From<Unreachable> for ContainersError {
    fn from(error: Unreachable) -> Self {
        ReachError::NoEngine(Box::new(error)).into()
    }
}
