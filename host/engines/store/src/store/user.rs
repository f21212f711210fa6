//! Where the images of this user are, which of them has a name or a digest, and the locks
//! by which commands know of each other.

use std::path::{Path, PathBuf};

use super::kept;
use super::names::Names;
use super::tree::Tree;
use crate::domain::Digest;
use crate::error::StoreError;
use crate::files::directories::{self, NoHome};
use crate::files::{FileError, Lock, OwnFolder};
use crate::limits::Limits;
use crate::registry::ImageReference;

/// The folder in the data directory.
const FOLDER: &str = "images";

/// The images of this user.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) path: PathBuf,
    pub(super) limits: Limits,
}

impl Store {
    /// Those in the data directory. Nothing is read or made yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Home`].
    pub fn of_user() -> Result<Self, StoreError> {
        let data = directories::data().ok_or_else(NoHome::reason)?;
        Ok(Self::at(&data.join(FOLDER), Limits::default()))
    }

    /// Those in another folder, with other bounds.
    #[must_use]
    pub fn at(path: &Path, limits: Limits) -> Self {
        Self { path: path.to_owned(), limits }
    }

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The image of this name, as it was when it was pulled or loaded last.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn find(&self, name: &ImageReference) -> Result<Option<Tree>, StoreError> {
        match self.names().find(name)? {
            Some(digest) => self.get(&digest),
            None => Ok(None),
        }
    }

    /// The image with this digest; it counts as used now.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub fn get(&self, digest: &Digest) -> Result<Option<Tree>, StoreError> {
        let Some(folder) = self.existing()? else { return Ok(None) };
        // Nobody has it alone for longer than it takes to remove it, once it is there.
        match self.share(digest)? {
            Some(used) => kept::tree(&folder, digest, used),
            None => Ok(None),
        }
    }

    pub(super) fn names(&self) -> Names {
        Names::of(&self.path)
    }

    pub(super) fn existing(&self) -> Result<Option<OwnFolder>, FileError> {
        OwnFolder::open(&self.path)
    }

    /// The folder, made if it is not there; what killed programs left in it goes.
    pub(super) fn folder(&self) -> Result<OwnFolder, FileError> {
        let folder = OwnFolder::make(&self.path)?;
        folder.sweep();
        folder.sweep_folders();
        Ok(folder)
    }

    pub(super) fn share(&self, digest: &Digest) -> Result<Option<Lock>, FileError> {
        self.locks()?.try_share_by(lock_of(digest))
    }

    pub(super) fn lock(&self, digest: &Digest) -> Result<Option<Lock>, FileError> {
        self.locks()?.try_lock_by(lock_of(digest))
    }

    pub(super) fn locks(&self) -> Result<OwnFolder, FileError> {
        OwnFolder::make(&self.path.join("locks"))
    }
}

fn lock_of(digest: &Digest) -> String {
    format!("{}.lock", digest.hex())
}
