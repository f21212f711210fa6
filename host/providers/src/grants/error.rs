//! Why the permissions that the user gave cannot be read or kept.

use std::path::PathBuf;

use crate::domain::{Diagnostic, ErrorKind};
use crate::files::FileError;

/// Grants that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GrantsError {
    /// The file cannot be used, or somebody else could have written it.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is something else.
    #[error("`{}` does not hold permissions of providers", path.display())]
    Malformed { path: PathBuf, reason: String },
}

impl Diagnostic for GrantsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::File(error) => error.kind(),
            Self::Malformed { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::Malformed { path, .. } => {
                Some(format!("run `rm {}`; you will be asked again", path.display()))
            }
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::File(error) => error.causes(),
            Self::Malformed { reason, .. } => vec![reason.clone()],
        }
    }
}
