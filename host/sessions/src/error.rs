//! What can go wrong in any command.

use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind, ExitStatus, shell_word};

/// Failures of several commands.
#[derive(Debug, thiserror::Error)]
pub enum SessionsError {
    /// We stand in no project, and an option would do without one.
    #[error("`{}` is not in a git project", folder.display())]
    OutsideProject {
        /// Where we stand.
        folder: PathBuf,
        option: &'static str,
    },
    /// The user said no.
    #[error("{what} was declined")]
    Declined { what: &'static str },
    /// The provider has no such ability.
    #[error("provider `{provider}` cannot {what}")]
    Unable { provider: String, what: &'static str },
    /// The Jupyter of a session asks nobody for a token. The session is there already, so
    /// this is a warning.
    #[error("`{name}` needs no token: {who} can open it")]
    OpenToAll { name: String, who: &'static str },
    /// A project sets a key that only the user may set.
    #[error(
        "this project sets `{key}` of the provider `{provider}`, which only you may: it is left out"
    )]
    NotForAProject { provider: String, key: String },
    /// The command was interrupted.
    #[error("interrupted")]
    Interrupted,
    /// The process has no folder.
    #[error("the program cannot start on this machine")]
    Runtime(#[source] std::io::Error),
}

impl Diagnostic for SessionsError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::OutsideProject { option, .. } => ErrorKind::InvalidInput
                .hint(format!("go to your project with `cd`, or add `{option}`")),
            // A "no" is not an interrupt: nothing was running.
            Self::Declined { .. } => {
                Advice { exit_status: ExitStatus::Failure, ..ErrorKind::Cancelled.alone() }
            }
            Self::OpenToAll { name, .. } => ErrorKind::Denied
                .hint(format!("if that is not meant, `renku session stop {name}` ends it"))
                .causes(["authentication is off in its image or command".to_owned()]),
            Self::Interrupted => ErrorKind::Cancelled.alone(),
            Self::Unable { .. } => ErrorKind::Unsupported.alone(),
            Self::NotForAProject { provider, key } => ErrorKind::Denied.hint(format!(
                "to set it yourself, run `renku config set --global --provider {} {} VALUE`",
                shell_word(provider),
                shell_word(key)
            )),
            Self::Runtime(source) => ErrorKind::Other.causes([source.to_string()]),
        }
    }
}
