//! No way to the engine, or from it to what is here.

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// An engine address that was tried, and why it did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The address, `unix:///…` or `tcp://…`.
    pub address: String,
    /// Why not, a few words.
    pub reason: String,
}

impl Attempt {
    /// Both, on one line.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("`{}`: {}", self.address, self.reason)
    }
}

/// Why the engine, or something on its machine, is out of reach.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// No engine of a kind can be used; that kind has the words.
    #[error("{0}")]
    NoEngine(Box<dyn Diagnostic + Send + Sync>),
    /// The project's files are here and the engine is elsewhere.
    #[error(
        "the engine is on another machine (`{address}`), which does not have the files of this project"
    )]
    ProjectElsewhere { address: String },
    /// No way to a port of another machine.
    #[error("no tunnel to `{host}` could be made")]
    TunnelFailed {
        host: String,
        /// The words of `ssh`.
        message: String,
    },
}

impl Diagnostic for ReachError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NoEngine(error) => Advice::of(&**error),
            Self::ProjectElsewhere { .. } => ErrorKind::Unsupported.hint(
                "`--mount volume` copies the project to that machine, `--mount none` starts the image without it",
            ),
            Self::TunnelFailed { message, .. } => ErrorKind::Unavailable.causes([message]),
        }
    }
}
