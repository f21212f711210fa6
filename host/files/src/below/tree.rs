//! The root of a project, held open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::Folder;
use crate::error::{FileError, Reason};

/// The files of a project.
#[derive(Debug, Clone)]
pub struct ProjectTree {
    pub(super) root: Arc<Folder>,
    pub(super) path: PathBuf,
}

impl ProjectTree {
    /// The tree at `root`, which is the user's own choice.
    ///
    /// # Errors
    ///
    /// When it is no folder that can be opened.
    pub fn open(root: &Path) -> Result<Self, FileError> {
        let folder = Folder::at(root)
            .map_err(|error| FileError::new(root.to_owned(), Reason::Unreadable(error)))?;
        Ok(Self { root: Arc::new(folder), path: root.to_owned() })
    }

    /// Where it is, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An error about a file, with its whole path.
    pub(super) fn failed(&self, path: &Path, reason: Reason) -> FileError {
        let reason = match reason {
            Reason::Outside { link: Some(link) } => {
                Reason::Outside { link: Some(self.path.join(link)) }
            }
            reason => reason,
        };
        FileError::new(self.path.join(path), reason)
    }
}
