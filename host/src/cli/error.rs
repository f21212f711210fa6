//! What can go wrong in the commands themselves, and the carrier of everything
//! else that can.

use crate::domain::{Diagnostic, ErrorKind};

/// Any failure on its way to `output::errors`.
pub(super) struct Failure(pub(super) Box<dyn Diagnostic>);

impl<E: Diagnostic + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

/// Failures of the commands.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// No session of that name.
    #[error("this project has no session `{name}`")]
    UnknownSession {
        /// What was asked for.
        name: String,
        /// What there is.
        sessions: Vec<String>,
    },
    /// A name is needed.
    #[error("this project has {} sessions: which one?", sessions.len())]
    SeveralSessions {
        /// What there is.
        sessions: Vec<String>,
    },
    /// There is nothing to open.
    #[error("this project has no session")]
    NoSession,
    /// An image the user named is nowhere.
    #[error("the image `{image}` does not exist")]
    ImageAbsent {
        /// Its name.
        image: String,
    },
    /// An image may not be read.
    #[error("the image `{image}` cannot be read with your login")]
    ImageInaccessible {
        /// Its name.
        image: String,
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
    /// Some of several things failed; each was printed already.
    #[error("{failed} of {total} sessions could not be stopped")]
    Partly {
        /// How many.
        failed: usize,
        /// Of how many.
        total: usize,
    },
    /// The runtime does not start.
    #[error("the program cannot start on this machine")]
    Runtime(#[source] std::io::Error),
    /// No home directory.
    #[error("your home directory is not known")]
    NoHome,
}

fn names(sessions: &[String]) -> String {
    sessions.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Diagnostic for CommandError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownSession { .. } | Self::ImageAbsent { .. } | Self::NoSession => {
                ErrorKind::NotFound
            }
            Self::SeveralSessions { .. } | Self::NoHome => ErrorKind::InvalidInput,
            Self::ImageInaccessible { .. } => ErrorKind::Unauthenticated,
            Self::Declined { .. } | Self::Interrupted => ErrorKind::Cancelled,
            Self::Unable { .. } => ErrorKind::Unsupported,
            Self::Partly { .. } | Self::Runtime(_) => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownSession { sessions, .. } if sessions.is_empty() => {
                Some("it has none; `renku session start` starts one".into())
            }
            Self::UnknownSession { sessions, .. } | Self::SeveralSessions { sessions } => {
                Some(format!("name one of {}", names(sessions)))
            }
            Self::NoSession => Some("run `renku session start`".into()),
            Self::ImageAbsent { image } => Some(format!(
                "check the spelling of `{image}`; an image that was named is never built"
            )),
            Self::ImageInaccessible { .. } => {
                Some("log in to its registry with `docker login`".into())
            }
            Self::NoHome => Some("set the environment variable `HOME`".into()),
            Self::Declined { .. }
            | Self::Unable { .. }
            | Self::Interrupted
            | Self::Partly { .. }
            | Self::Runtime(_) => None,
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Runtime(error) => vec![error.to_string()],
            _ => Vec::new(),
        }
    }

    fn exit_status(&self) -> crate::domain::ExitStatus {
        match self {
            // A "no" is not an interrupt: nothing was running.
            Self::Declined { .. } => crate::domain::ExitStatus::Failure,
            _ => self.kind().exit_status(),
        }
    }
}
