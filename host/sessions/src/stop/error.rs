//! Why not all sessions stopped.

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Some of several things failed; each was reported by itself.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// Of the sessions that were named.
    #[error("{failed} of {total} sessions could not be stopped")]
    Partly { failed: usize, total: usize },
    /// Nobody said which, and nobody can be asked: what a script leaves out may be an empty
    /// variable.
    #[error("which session is to be stopped was left out, and nobody can be asked")]
    Unnamed {
        /// The only one there is.
        name: String,
    },
    /// Of the providers that were to stop all they have.
    #[error("{providers} providers could not stop their sessions")]
    SeveralFailed { providers: usize },
}

impl Diagnostic for StopError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Unnamed { name } => ErrorKind::InvalidInput.hint(format!(
                "name it: `renku session stop {name}`, or add `--yes` for the only one there is"
            )),
            Self::Partly { .. } | Self::SeveralFailed { .. } => ErrorKind::Other.alone(),
        }
    }
}
