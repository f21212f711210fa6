//! Why a project's lock cannot be read or changed.

use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::files::FileError;

/// A lock that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no lock.
    #[error("`{}` is not a lock file", path.display())]
    Malformed { path: PathBuf, reason: String },
}

impl Diagnostic for LockError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::File(error) => {
                let advice = match Advice::of(error) {
                    Advice { kind: ErrorKind::Other, .. } => {
                        Advice::of(error).kind(ErrorKind::Unavailable)
                    }
                    advice => advice,
                };
                match advice.hint {
                    None => advice.hint(format!("make `{}` yours", error.path().display())),
                    Some(_) => advice,
                }
            }
            Self::Malformed { reason, .. } => ErrorKind::InvalidInput
                .hint(
                    "update `renku`, or delete the file and run `renku session provider pin` again",
                )
                .causes([reason]),
        }
    }
}
