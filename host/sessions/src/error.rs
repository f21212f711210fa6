//! What can go wrong in any command.

use std::path::PathBuf;

use crate::domain::{Diagnostic, ErrorKind, ExitStatus};

/// Failures of several commands.
#[derive(Debug, thiserror::Error)]
pub enum SessionsError {
    /// We stand in no project, and an option would do without one.
    #[error("`{}` is not in a git project", folder.display())]
    OutsideProject {
        /// Where we stand.
        folder: PathBuf,
        /// The option.
        option: &'static str,
    },
    /// The user said no.
    #[error("{what} was declined")]
    Declined {
        /// What.
        what: &'static str,
    },
    /// The provider has no such ability.
    #[error("provider `{provider}` cannot {what}")]
    Unable {
        /// Which.
        provider: String,
        /// Do what.
        what: &'static str,
    },
    /// The command was interrupted.
    #[error("interrupted")]
    Interrupted,
    /// The process has no folder.
    #[error("the program cannot start on this machine")]
    Runtime(#[source] std::io::Error),
}

impl Diagnostic for SessionsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::OutsideProject { .. } => ErrorKind::InvalidInput,
            Self::Declined { .. } | Self::Interrupted => ErrorKind::Cancelled,
            Self::Unable { .. } => ErrorKind::Unsupported,
            Self::Runtime(_) => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::OutsideProject { option, .. } => {
                Some(format!("go to your project with `cd`, or add `{option}`"))
            }
            Self::Declined { .. } | Self::Unable { .. } | Self::Interrupted | Self::Runtime(_) => {
                None
            }
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Runtime(source) => vec![source.to_string()],
            _ => Vec::new(),
        }
    }

    fn exit_status(&self) -> ExitStatus {
        match self {
            // A "no" is not an interrupt: nothing was running.
            Self::Declined { .. } => ExitStatus::Failure,
            _ => self.kind().exit_status(),
        }
    }
}
