//! What can go wrong in the commands themselves.

use crate::domain::{Diagnostic, ErrorKind, shell_word};
use crate::files::directories::NoHome;
pub(super) use crate::sessions::Failure;

/// Failures of the commands.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// A setting has no value.
    #[error("`{key}` is not set{}", if *global { " in your own settings" } else { "" })]
    NotSet {
        /// Which.
        key: &'static str,
        /// Whether only the user's own settings were asked.
        global: bool,
    },
    /// These formats have keys, not columns.
    #[error("`--columns` is for the formats `table` and `tsv`")]
    NoColumns,
    /// Something is to be published at a place that is no registry.
    #[error("`{place}` is not in a registry")]
    NoRegistry {
        /// What was typed.
        place: String,
    },
    /// A tag that is not the version.
    #[error("the tag is `{tag}`, and the provider says that it is version {version}")]
    OtherVersion {
        /// The tag.
        tag: String,
        /// The version.
        version: String,
    },
    /// A signature that does not fit its file.
    #[error("the signature `{signature}` is not one of `{file}`")]
    WrongSignature {
        /// The file.
        file: String,
        /// The signature's.
        signature: String,
        /// Why not, when it is none.
        causes: Vec<String>,
    },
    /// It is not a file that could be installed or allowed.
    #[error("the provider `{name}` is part of `renku`")]
    Bundled {
        /// Which.
        name: String,
    },
    /// There is no lock where one is needed.
    #[error("this project has no `{}`", crate::providers::LOCK_FILE)]
    NoLock,
    /// `mirror` has nothing to copy.
    #[error("there is nothing to mirror: no provider is installed")]
    NothingToMirror,
    /// It is not in the lock.
    #[error("`{name}` is not in the lock of this project")]
    NotPinned {
        /// Which.
        name: String,
    },
    /// A provider is granted what it does not want.
    #[error("provider `{provider}` does not ask for `{capability}`")]
    NotWanted {
        /// Which.
        provider: String,
        /// What was offered.
        capability: &'static str,
        /// What it asks for.
        wanted: Vec<&'static str>,
    },
    /// The runtime does not start.
    #[error("the program cannot start on this machine")]
    Runtime(#[source] std::io::Error),
    /// The manual pages cannot be written.
    #[error("the manual pages cannot be written to `{}`", directory.display())]
    Manual {
        /// Where.
        directory: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No home directory.
    #[error(transparent)]
    NoHome(NoHome),
}

impl Diagnostic for CommandError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotSet { .. } | Self::NoLock | Self::NothingToMirror | Self::NotPinned { .. } => {
                ErrorKind::NotFound
            }
            Self::NoRegistry { .. }
            | Self::OtherVersion { .. }
            | Self::NoColumns
            | Self::NotWanted { .. }
            | Self::Bundled { .. }
            | Self::NoHome(_) => ErrorKind::InvalidInput,
            Self::WrongSignature { .. } => ErrorKind::Conflict,
            Self::Runtime(_) | Self::Manual { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NotSet { key, global } => {
                let option = if *global { " --global" } else { "" };
                Some(format!("set it with `renku config set{option} {key} VALUE`"))
            }
            Self::NoColumns => Some("leave out `--columns`: every key is there".into()),
            Self::Bundled { .. } => {
                Some("it has its permission, and changes only together with `renku`".into())
            }
            Self::NothingToMirror => {
                Some("install one first: `renku session provider add SOURCE`".into())
            }
            Self::NoLock => Some("`renku session provider pin NAME` makes one".into()),
            Self::NotWanted { wanted, .. } if wanted.is_empty() => {
                Some("it asks for nothing".into())
            }
            Self::NotWanted { wanted, .. } => {
                Some(format!("it asks for `{}`", wanted.join("`, `")))
            }
            Self::NoRegistry { .. } => {
                Some("write it like `oci://registry.example.org/acme/slurm:1.0.0`".into())
            }
            Self::WrongSignature { file, .. } => {
                let file = shell_word(file);
                Some(format!("run `renku session provider sign {file}`, and push again"))
            }
            Self::OtherVersion { version, .. } => Some(format!("end the place with `:{version}`")),
            Self::NoHome(error) => error.hint(),
            Self::NotPinned { .. } | Self::Runtime(_) | Self::Manual { .. } => None,
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::WrongSignature { causes, .. } => causes.clone(),
            Self::Runtime(source) | Self::Manual { source, .. } => vec![source.to_string()],
            _ => Vec::new(),
        }
    }
}
