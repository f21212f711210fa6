//! Why a project's lock cannot be read or changed.

use std::path::PathBuf;

use crate::domain::{Diagnostic, ErrorKind};
use crate::files::FileError;

/// A lock that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no lock.
    #[error("`{}` is not a lock of providers", path.display())]
    Malformed { path: PathBuf, reason: String },
}

impl Diagnostic for LockError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::File(error) => match error.kind() {
                ErrorKind::Other => ErrorKind::Unavailable,
                kind => kind,
            },
            Self::Malformed { .. } => ErrorKind::InvalidInput,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => {
                error.hint().unwrap_or_else(|| format!("make `{}` yours", error.path().display()))
            }
            Self::Malformed { .. } => {
                "update `renku`, or delete the file and run `renku session provider pin` again"
                    .into()
            }
        })
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::File(error) => error.causes(),
            Self::Malformed { reason, .. } => vec![reason.clone()],
        }
    }
}
