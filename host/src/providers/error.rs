//! Why a provider cannot be used.

use std::path::PathBuf;

use crate::domain::{Diagnostic, ErrorKind};
use crate::sandbox::SandboxError;

/// A provider that does not exist or is broken.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    /// Nobody knows the name.
    #[error("there is no provider `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A project's settings name a file.
    #[error("the settings of this project name the file `{path}` as its provider")]
    PathFromProject {
        /// The file.
        path: String,
    },
    /// The file cannot be read.
    #[error("cannot read the provider `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The manifest is not right.
    #[error("the manifest of provider `{provider}` is not valid")]
    Manifest {
        /// Which.
        provider: String,
        /// Why.
        reason: String,
    },
    /// An option of the provider has the name of one of ours.
    #[error("provider `{provider}` wants an option `--{option}`, which `renku` has itself")]
    OptionClash {
        /// Which.
        provider: String,
        /// The option.
        option: String,
    },
    /// The user has not allowed what it wants to do.
    #[error("provider `{provider}` needs your permission")]
    NotPermitted {
        /// Which.
        provider: String,
        /// What it may do then, one line each.
        wishes: Vec<String>,
    },
    /// The file itself is not a provider.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

impl Diagnostic for ProvidersError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Unknown { .. } => ErrorKind::NotFound,
            Self::Unreadable { .. } | Self::Manifest { .. } | Self::OptionClash { .. } => {
                ErrorKind::InvalidInput
            }
            Self::NotPermitted { .. } | Self::PathFromProject { .. } => ErrorKind::Denied,
            Self::Sandbox(error) => error.kind(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { known, .. } => Some(format!(
                "known providers: {}; or name a file, such as `-p ./mine.wasm`",
                known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            )),
            Self::PathFromProject { path } => {
                Some(format!("if you trust that file, say so yourself with `-p {path}`"))
            }
            Self::Unreadable { .. } => Some("check the path after `-p`".into()),
            Self::Manifest { .. } | Self::OptionClash { .. } => {
                Some("tell the provider's author; see `docs/provider-guide.md`".into())
            }
            Self::NotPermitted { .. } => {
                Some("if you trust it with that, run the same command with `--yes`".into())
            }
            Self::Sandbox(error) => error.hint(),
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Unreadable { source, .. } => vec![source.to_string()],
            Self::Manifest { reason, .. } => vec![reason.clone()],
            Self::NotPermitted { wishes, .. } => wishes.clone(),
            Self::Unknown { .. } | Self::OptionClash { .. } | Self::PathFromProject { .. } => {
                Vec::new()
            }
            Self::Sandbox(error) => error.causes(),
        }
    }
}
