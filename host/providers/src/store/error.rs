//! What can be wrong with the store.

use std::path::PathBuf;

use semver::Version;

use crate::domain::Digest;
use crate::domain::{Diagnostic, ErrorKind};
use crate::name::Name;

/// A store that does not work, or does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be read.
    #[error("cannot read the installed providers in `{}`", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It cannot be written.
    #[error("cannot write `{}`", path.display())]
    Unwritable {
        /// What.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A receipt is broken.
    #[error("the record of an installed provider, `{}`, cannot be used", path.display())]
    Receipt {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file is not what was installed.
    #[error("the installed provider `{name}` {version} is damaged and was not loaded")]
    Damaged {
        /// Which.
        name: Name,
        /// Its version.
        version: Version,
        /// Its file.
        path: PathBuf,
        /// In what way.
        reason: String,
    },
    /// This version is installed already, and is something else.
    #[error("`{name}` {version} is installed already, with other contents")]
    OtherBytes {
        /// Which.
        name: Name,
        /// Its version.
        version: Version,
        /// What is there.
        installed: Box<Digest>,
        /// What was to be installed.
        found: Box<Digest>,
    },
}

impl StoreError {
    /// The provider that it is about, as far as it is known.
    pub(crate) fn provider(&self) -> String {
        match self {
            Self::Damaged { name, .. } | Self::OtherBytes { name, .. } => name.to_string(),
            Self::Receipt { path, .. }
            | Self::Unreadable { path, .. }
            | Self::Unwritable { path, .. } => {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                file.split('@').next().unwrap_or_default().replace('.', "/")
            }
        }
    }
}

impl Diagnostic for StoreError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Unreadable { .. } => ErrorKind::Unavailable,
            Self::Unwritable { source, .. } => match source.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                    ErrorKind::ResourceExhausted
                }
                _ => ErrorKind::Unavailable,
            },
            Self::Receipt { .. } | Self::Damaged { .. } => ErrorKind::Other,
            Self::OtherBytes { .. } => ErrorKind::Conflict,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { path, .. } | Self::Unwritable { path, .. } => {
                let folder = path.parent().unwrap_or(path);
                format!(
                    "make room and make `{}` yours, or choose another folder with `RENKU_DATA_DIR`",
                    folder.display()
                )
            }
            Self::Receipt { path, .. } => {
                format!("run `rm {}` and add the provider again", path.display())
            }
            Self::Damaged { name, version, .. } => format!(
                "run `renku session provider remove {name}@{version}` and add it again from a source \
                 that you trust"
            ),
            Self::OtherBytes { name, version, .. } => format!(
                "a version never changes: ask its author what happened; to replace it, first run \
                 `renku session provider remove {name}@{version}`"
            ),
        })
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Unreadable { source, .. } | Self::Unwritable { source, .. } => {
                vec![source.to_string()]
            }
            Self::Receipt { reason, .. } => vec![reason.clone()],
            Self::Damaged { path, reason, .. } => {
                vec![format!("{}: {reason}", path.display())]
            }
            Self::OtherBytes { installed, found, .. } => {
                vec![format!("installed: {installed}"), format!("found:     {found}")]
            }
        }
    }
}
