//! What can be wrong with the store.

use std::path::{Path, PathBuf};

use semver::Version;

use crate::domain::Digest;
use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::files::FileError;
use crate::name::Name;

/// A store that does not work, or does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be read or written, or somebody else could have written it.
    #[error(transparent)]
    File(#[from] FileError),
    /// A receipt is broken.
    #[error("the record of an installed provider, `{}`, cannot be used", path.display())]
    Receipt { path: PathBuf, reason: String },
    /// A file is not what was installed.
    #[error("the installed provider `{name}` {version} is damaged and was not loaded")]
    Damaged {
        name: Name,
        version: Version,
        path: PathBuf,
        /// In what way.
        reason: String,
    },
    /// This version is installed already, and is something else.
    #[error("`{name}` {version} is already installed, with different contents")]
    OtherBytes {
        name: Name,
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
            Self::Receipt { path, .. } => named_by(path),
            Self::File(error) => named_by(error.path()),
        }
    }
}

/// The provider that a receipt is about, by the name of its file.
fn named_by(receipt: &Path) -> String {
    let file = receipt.file_name().unwrap_or_default().to_string_lossy().into_owned();
    file.split('@').next().unwrap_or_default().replace('.', "/")
}

impl Diagnostic for StoreError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::File(error) => Advice::of(error),
            Self::Receipt { path, reason } => ErrorKind::Other
                .hint(format!("run `rm {}` and add the provider again", path.display()))
                .causes([reason]),
            Self::Damaged { name, version, path, reason } => ErrorKind::Other
                .hint(format!(
                    "run `renku session provider remove {name}@{version}` and add it again from a \
                     source that you trust"
                ))
                .causes([format!("{}: {reason}", path.display())]),
            Self::OtherBytes { name, version, installed, found } => ErrorKind::Conflict
                .hint(format!(
                    "a published version must not change: ask its author what happened; to replace it, first \
                     run `renku session provider remove {name}@{version}`"
                ))
                .causes([format!("installed: {installed}"), format!("found:     {found}")]),
        }
    }
}
