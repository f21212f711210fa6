//! The images of this user: a folder each, called by the digest of what the image says
//! about itself, and a file with their names.
//!
//! ```text
//! images/                 0700, in the data directory
//!   names.json            what an image is called → its digest
//!   locks/DIGEST.lock     alone: it is unpacked or removed; shared: it is used
//!   sha256-DIGEST/        there whole or not at all
//!     image.json          size, when it came
//!     config.json         what it says about itself, as it came
//!     root/               the tree
//!   .renku-new-…/         being unpacked, or left by a program that was killed
//! ```

mod kept;
mod load;
mod make;
mod names;
mod prune;
mod pull;

use std::path::{Path, PathBuf};

use crate::domain::Digest;
use crate::error::StoreError;
use crate::files::directories::{self, NoHome};
use crate::files::{FileError, Lock, OwnFolder};
use crate::images::ImageConfig;
use crate::limits::Limits;
use crate::registry::ImageReference;

pub use load::Loaded;
pub use prune::{Listed, Removed};

/// The folder in the data directory.
const FOLDER: &str = "images";

/// An image that sessions can start from. It is not removed as long as this lives.
#[derive(Debug)]
pub struct Tree {
    /// Its files, for reading alone: every session of the image has the same.
    pub root: PathBuf,
    /// How it is started.
    pub config: ImageConfig,
    /// VOLUME.
    pub volumes: Vec<PathBuf>,
    /// Of what it says about itself: what `docker images` calls its ID.
    pub digest: Digest,
    /// Bytes on the disk.
    pub size: u64,
    _used: Lock,
}

/// The images of this user.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    limits: Limits,
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

    fn names(&self) -> names::Names {
        names::Names::of(&self.path)
    }

    fn existing(&self) -> Result<Option<OwnFolder>, FileError> {
        OwnFolder::open(&self.path)
    }

    /// The folder, made if it is not there; what killed programs left in it goes.
    fn folder(&self) -> Result<OwnFolder, FileError> {
        let folder = OwnFolder::make(&self.path)?;
        folder.sweep();
        folder.sweep_folders();
        Ok(folder)
    }

    fn share(&self, digest: &Digest) -> Result<Option<Lock>, FileError> {
        self.locks()?.try_share_by(lock_of(digest))
    }

    fn lock(&self, digest: &Digest) -> Result<Option<Lock>, FileError> {
        self.locks()?.try_lock_by(lock_of(digest))
    }

    fn locks(&self) -> Result<OwnFolder, FileError> {
        OwnFolder::make(&self.path.join("locks"))
    }
}

fn lock_of(digest: &Digest) -> String {
    format!("{}.lock", digest.hex())
}
