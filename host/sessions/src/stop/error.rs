//! Why not all sessions stopped.

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Some of several things failed; each was reported by itself.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// The provider had nothing to stop: somebody else was faster.
    #[error("there is no session `{name}`")]
    Gone { name: String },
    /// Of the sessions that were named.
    #[error("{failed} of {total} sessions could not be stopped")]
    Partly { failed: usize, total: usize },
    /// Of the providers that were to stop all they have.
    #[error("{providers} providers could not stop their sessions")]
    SeveralFailed { providers: usize },
}

impl Diagnostic for StopError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Gone { .. } => {
                ErrorKind::NotFound.hint("`renku session ls` shows the sessions that there are")
            }
            Self::Partly { .. } | Self::SeveralFailed { .. } => ErrorKind::Other.alone(),
        }
    }
}
