//! Why there is no tree of an image, in words for the person who named it.

use std::io;
use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, Digest, ErrorKind, innermost, sanitize, shell_word};
use crate::fault::{Bound, Fault, shown};
use crate::files::directories::NoHome;
use crate::files::{FileError, TemporaryError};
use crate::registry::ReferenceError;
use crate::registry::artifacts::{DownloadError, RegistryError};

/// A failure to get an image, or to keep it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no folder for images.
    #[error(transparent)]
    Home(#[from] NoHome),
    /// A file of the store cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// No temporary file can be written.
    #[error(transparent)]
    Temporary(#[from] TemporaryError),
    /// The name of an image cannot be one.
    #[error(transparent)]
    Name(#[from] ReferenceError),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// An archive is not there, or is no file.
    #[error("`{source}` cannot be read", source = .source_name)]
    Unreadable {
        source_name: String,
        reason: String,
        /// Whether there is nothing of that name.
        missing: bool,
    },
    /// It is something, but no image.
    #[error("`{source}` contains no image", source = .source_name)]
    NotAnImage {
        /// The archive or the reference.
        source_name: String,
        reason: String,
    },
    /// A name was given, and it could be that of several images.
    #[error("`{source}` contains {count} images, but one name was given", source = .source_name)]
    Several { source_name: String, count: usize },
    /// It is an image for other computers.
    #[error("the image in `{source}` is not for this computer (`{ours}`)", source = .source_name)]
    OtherPlatform {
        /// The archive or the reference.
        source_name: String,
        /// What this computer is.
        ours: String,
        there: Vec<String>,
    },
    /// An entry that no image needs, or that nothing can be made of.
    #[error("the image `{source}` is not unpacked: `{entry}` in it is not acceptable", source = .source_name)]
    Entry {
        /// The archive or the reference.
        source_name: String,
        entry: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is more than is taken.
    #[error("the image `{source}` is not unpacked: it is too large", source = .source_name)]
    TooLarge {
        /// The archive or the reference.
        source_name: String,
        reason: String,
    },
    /// The bytes are not those that were promised.
    #[error("the image `{source}` is not what it claims to be", source = .source_name)]
    Tampered {
        /// The archive or the reference.
        source_name: String,
        reason: String,
    },
    /// It is damaged, or cut short.
    #[error("the image `{source}` is damaged", source = .source_name)]
    Damaged {
        /// The archive or the reference.
        source_name: String,
        /// What was noticed.
        reason: String,
    },
    /// A tree cannot be written.
    #[error("`{path}` cannot be written", path = .path.display())]
    Unwritable { path: PathBuf, error: io::Error },
    /// Nobody waits for it any more.
    #[error("unpacking the image was interrupted")]
    Cancelled,
}

impl StoreError {
    /// A fault, in the image that is called `source_name`.
    pub(crate) fn of(source_name: &str, fault: Fault) -> Self {
        let source_name = sanitize(source_name);
        match fault {
            Fault::Entry { path, why } => {
                Self::Entry { source_name, entry: shown(&path), reason: why.to_string() }
            }
            Fault::Bound(bound) => Self::TooLarge { source_name, reason: bound.to_string() },
            Fault::Digest { what, promised, found } => {
                let reason = differs(what, &promised, &found);
                Self::Tampered { source_name, reason }
            }
            Fault::Read(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Self::Damaged { source_name, reason: "it ends too early".into() }
            }
            Fault::Read(error) => Self::Damaged { source_name, reason: innermost(&error) },
            Fault::Write(path, error) => Self::Unwritable { path, error },
            Fault::Cancelled => Self::Cancelled,
        }
    }

    /// What reading the archive says.
    pub(crate) fn reading(source_name: &str, error: io::Error) -> Self {
        Self::of(source_name, Fault::reading(error))
    }

    pub(crate) fn bound(source_name: &str, bound: Bound) -> Self {
        Self::of(source_name, Fault::Bound(bound))
    }

    pub(crate) fn no_image(source_name: &str, reason: impl Into<String>) -> Self {
        Self::NotAnImage { source_name: sanitize(source_name), reason: reason.into() }
    }

    pub(crate) fn download(path: PathBuf, error: DownloadError) -> Self {
        match error {
            DownloadError::Registry(error) => error.into(),
            DownloadError::Write(error) => Self::Unwritable { path, error },
        }
    }
}

fn differs(what: &str, promised: &Digest, found: &Digest) -> String {
    format!("{what} should have the digest {promised}, and has {found}")
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

const DO_NOT_USE_IT: &str = "do not use it unless its author can explain this";

impl Diagnostic for StoreError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Home(error) => Advice::of(error),
            Self::File(error) => Advice::of(error),
            Self::Temporary(error) => Advice::of(error),
            Self::Name(error) => Advice::of(error),
            Self::Registry(error) => Advice::of(error),
            Self::Unreadable { missing, reason, .. } => {
                let kind = if *missing { ErrorKind::NotFound } else { ErrorKind::InvalidInput };
                kind.hint("check the path of the archive").causes([sanitize(reason)])
            }
            Self::NotAnImage { reason, .. } => ErrorKind::InvalidInput
                .hint("make an archive of an image with `docker save --output FILE IMAGE`")
                .causes([sanitize(reason)]),
            Self::Several { source_name, .. } => {
                let file = shell_word(source_name);
                ErrorKind::InvalidInput
                    .hint(format!("`renku session image load {file}` keeps their names"))
            }
            Self::OtherPlatform { there, .. } => ErrorKind::Unsupported
                .hint("choose an image that was built for this kind of computer")
                .causes([sanitize(&format!("it is available for: {}", there.join(", ")))]),
            Self::Entry { reason, .. } | Self::Tampered { reason, .. } => {
                ErrorKind::Denied.hint(DO_NOT_USE_IT).causes([sanitize(reason)])
            }
            Self::TooLarge { reason, .. } => {
                ErrorKind::ResourceExhausted.hint(DO_NOT_USE_IT).causes([sanitize(reason)])
            }
            Self::Damaged { reason, .. } => {
                ErrorKind::InvalidInput.hint("download it again").causes([sanitize(reason)])
            }
            Self::Unwritable { error, .. } if is_full(error) => ErrorKind::ResourceExhausted
                .hint("free some space there, or name another folder with `RENKU_DATA_DIR`")
                .causes([error.to_string()]),
            Self::Unwritable { error, .. } => ErrorKind::Unavailable
                .hint("name another folder with `RENKU_DATA_DIR`")
                .causes([error.to_string()]),
            Self::Cancelled => ErrorKind::Cancelled.alone(),
        }
    }
}
