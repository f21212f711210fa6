//! What can be wrong with a mirror.

use std::io;
use std::path::PathBuf;

use semver::Version;

use crate::domain::Digest;
use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::files::FileError;
use crate::name::Name;

/// A mirror that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// A file cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    File { path: PathBuf, source: io::Error },
    /// A file of it cannot be written.
    #[error(transparent)]
    Write(#[from] FileError),
    /// The folder is no mirror.
    #[error("`{}` is not a mirror of providers", folder.display())]
    Malformed { folder: PathBuf, reason: String },
    /// A file is not what the index says.
    #[error("`{}` was changed after it was mirrored", path.display())]
    Damaged {
        path: PathBuf,
        /// What the index says.
        listed: Box<Digest>,
        found: Box<Digest>,
    },
    /// This version is there already, and is something else.
    #[error("the mirror already has `{name}` {version}, with different contents")]
    OtherBytes { name: Name, version: Version },
    /// It has several providers, and none was named.
    #[error("`{}` has several providers", folder.display())]
    Several { folder: PathBuf, known: Vec<Name> },
}

impl Diagnostic for MirrorError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::File { path, source } => {
                let folder = path.parent().unwrap_or(path).display();
                ErrorKind::Unavailable
                    .hint(format!("make `{folder}` yours, or name another folder"))
                    .causes([source.to_string()])
            }
            Self::Write(error) => Advice::of(error),
            Self::Malformed { reason, .. } => ErrorKind::InvalidInput
                .hint("`renku session provider mirror DIR` creates one on a computer where providers are installed")
                .causes([reason]),
            Self::Damaged { listed, found, .. } => ErrorKind::Conflict
                .hint("create the mirror again, and find out who else can write to it")
                .causes([format!("mirrored: {listed}"), format!("found:    {found}")]),
            Self::OtherBytes { .. } => ErrorKind::Conflict.hint(
                "a published version must not change: ask its author what happened, or name another folder",
            ),
            Self::Several { folder, known } => {
                let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                ErrorKind::InvalidInput.hint(format!(
                    "run `renku session provider add --from {} NAME`, with one of {}",
                    folder.display(),
                    names.join(", ")
                ))
            }
        }
    }
}
