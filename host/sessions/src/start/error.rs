//! What can be wrong with a start alone.

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Failures of a start alone.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It is to have the name of a session that is there.
    #[error("this project already has a session `{name}`")]
    NameTaken {
        name: String,
        /// What to do with that.
        next: String,
    },
    /// An option of the engine, for a provider that starts no containers.
    #[error(
        "`--{option}` is an option of providers that start containers, and `{provider}` does not"
    )]
    NoEngine {
        /// Which, without dashes.
        option: &'static str,
        provider: String,
        /// What its users write instead, when it has something of the kind.
        instead: Option<String>,
    },
    /// A folder can belong to a project of RenkuLab alone.
    #[error("`--bind` is about a project of RenkuLab, and `{provider}` has none")]
    CannotBind {
        /// Who was chosen.
        provider: String,
    },
    /// A key of the user's settings that is no option of the engine.
    #[error("`{key}` under `[containers]` in `{file}` is not an option of the engine")]
    UnknownEngineSetting { key: String, file: String },
}

impl Diagnostic for StartError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NameTaken { next, .. } => {
                ErrorKind::Conflict.hint(format!("{next}; or choose another `--name`"))
            }
            Self::NoEngine { instead: Some(instead), .. } => ErrorKind::InvalidInput.hint(instead),
            Self::NoEngine { option, .. } => {
                ErrorKind::InvalidInput.hint(format!("leave out `--{option}`"))
            }
            Self::CannotBind { .. } => {
                ErrorKind::InvalidInput.hint("leave out `--bind`, or add `-p renkulab`")
            }
            Self::UnknownEngineSetting { .. } => ErrorKind::InvalidInput
                .hint("`renku session start --help` lists them; write `shm_size` for `--shm-size`"),
        }
    }
}
