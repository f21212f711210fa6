//! Why the permissions that the user gave cannot be read or kept.

use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::files::FileError;

/// Grants that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GrantsError {
    /// The file cannot be used, or somebody else could have written it.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is something else.
    #[error("`{}` is not a file of permissions", path.display())]
    Malformed { path: PathBuf, reason: String },
}

impl Diagnostic for GrantsError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::File(error) => Advice::of(error),
            Self::Malformed { path, reason } => ErrorKind::Other
                .hint(format!("run `rm {}`; you will be asked again", path.display()))
                .causes([reason]),
        }
    }
}
