//! A file of this machine, read up to a limit.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::error::ProvidersError;
use crate::files::{self, ProjectTree};
use crate::sandbox::SandboxError;
use crate::signing::beside;

/// A minisign signature has some 300 bytes.
pub(super) const SIGNATURE_BYTES: usize = 16 * 1024;

/// Where a provider's file lies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FileAt<'a> {
    /// Where its user says.
    Path(&'a Path),
    /// In a folder that others fill, such as a project: no link leads out of it.
    Below(&'a ProjectTree, &'a Path),
}

impl FileAt<'_> {
    /// Its path, for messages.
    pub(crate) fn shown(&self) -> PathBuf {
        match self {
            Self::Path(path) => (*path).to_owned(),
            Self::Below(tree, path) => tree.path().join(path),
        }
    }

    /// The bytes of a regular file; more than `limit` are not read. A pipe or a
    /// device has no end, so neither is opened.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is no regular file, or is too large.
    pub(crate) fn read(&self, limit: usize) -> Result<Vec<u8>, ProvidersError> {
        let path = self.shown();
        let unreadable = |source| ProvidersError::Unreadable { path: path.clone(), source };
        let file = self.open().map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        let too_large =
            |bytes| SandboxError::TooLarge { provider: path.display().to_string(), bytes, limit };
        if size > limit {
            return Err(too_large(size).into());
        }
        let mut bytes = Vec::with_capacity(size);
        // It may have grown meanwhile.
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() > limit { Err(too_large(bytes.len()).into()) } else { Ok(bytes) }
    }

    /// The text of the signature beside it; none when there is none.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read.
    pub(crate) fn signature(&self) -> Result<Option<String>, ProvidersError> {
        let read = match self {
            Self::Path(path) => FileAt::Path(&beside(path)).read(SIGNATURE_BYTES),
            Self::Below(tree, path) => FileAt::Below(tree, &beside(path)).read(SIGNATURE_BYTES),
        };
        match read {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(ProvidersError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn open(&self) -> io::Result<File> {
        match self {
            Self::Path(path) => files::open(path),
            Self::Below(tree, path) => {
                let file = tree.open_regular(path).map_err(io::Error::other)?;
                file.ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }
}

/// [`FileAt::signature`] of a file that its user names.
///
/// # Errors
///
/// When there is one that cannot be read.
pub fn signature(path: &Path) -> Result<Option<String>, ProvidersError> {
    FileAt::Path(path).signature()
}

/// [`FileAt::read`] of a file that its user names.
///
/// # Errors
///
/// When it cannot be read, is no regular file, or is too large.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, ProvidersError> {
    FileAt::Path(path).read(limit)
}
