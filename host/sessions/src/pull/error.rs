//! What can go wrong with the copy of a project.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Failures of copies, on the way there and back.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The session works on the project itself, or has none.
    #[error("session `{name}` has no copy of the project")]
    NotCopied { name: String },
    /// A copy could not be made.
    #[error("the project cannot be copied")]
    Uncopied(#[source] std::io::Error),
    /// Changes could not be brought back.
    #[error("the changes of session `{name}` could not be copied here")]
    NotBrought {
        name: String,
        #[source]
        source: std::io::Error,
    },
    /// Nobody can compare it with what is here.
    #[error(
        "the copy of the project in session `{name}` cannot be read, so it was not stopped: its changes would be lost"
    )]
    Unreadable { name: String, causes: Vec<String> },
    /// Of repositories inside of the project files come, and no commits.
    #[error("not copied from session `{name}`: {}", paths(left))]
    InnerRepositories { name: String, left: BTreeSet<PathBuf> },
}

fn paths(paths: &BTreeSet<PathBuf>) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

impl Diagnostic for CopyError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NotCopied { .. } => ErrorKind::Conflict.hint(
                "copies are made with `start --mount volume`; other sessions work on the project itself, or without it",
            ),
            Self::InnerRepositories { .. } => ErrorKind::Other.hint(
                "these are separate repositories; push their commits from the session",
            ),
            Self::Unreadable { name, causes } => ErrorKind::Other
                .hint(format!("`renku session stop --yes {name}` stops it anyway"))
                .causes(causes.iter().cloned()),
            Self::Uncopied(source) | Self::NotBrought { source, .. } => {
                ErrorKind::Other.causes([source.to_string()])
            }
        }
    }
}
