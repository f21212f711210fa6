//! Whose the files of a project are.

use std::path::Path;

use serde::Serialize;

use crate::ImageError;
use crate::files::{FileError, Reason};

/// Owner and group of the project's directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

impl Owner {
    /// The owner of `root`.
    ///
    /// # Errors
    ///
    /// [`ImageError::File`].
    pub fn of(root: &Path) -> Result<Self, ImageError> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(root)
            .map_err(|error| FileError::new(root.to_owned(), Reason::Unreadable(error)))?;
        Ok(Self { uid: metadata.uid(), gid: metadata.gid() })
    }
}
