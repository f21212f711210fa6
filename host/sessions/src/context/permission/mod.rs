//! Whether a provider may do what it imports: what the user said before, else a
//! question, else an error that names the command.

mod ask;
mod linked;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::domain::Digest;
use crate::providers::{Grant, GrantsError, GrantsFile};

pub use ask::{Asking, or_nothing, provenance};

/// The user's decisions: those on the disk, read when one is needed, and those of
/// this run.
pub struct Permissions {
    folder: PathBuf,
    file: OnceCell<RefCell<GrantsFile>>,
    now: RefCell<BTreeMap<Digest, Grant>>,
}

impl Permissions {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, file: OnceCell::new(), now: RefCell::default() }
    }

    fn file(&self) -> Result<&RefCell<GrantsFile>, GrantsError> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = GrantsFile::of(&self.folder)?;
        Ok(self.file.get_or_init(|| RefCell::new(file)))
    }

    /// What this file may do; none when nobody was asked.
    ///
    /// # Errors
    ///
    /// When the file cannot be used; so do the others.
    pub fn of(&self, digest: &Digest) -> Result<Option<Grant>, GrantsError> {
        if let Some(grant) = self.now.borrow().get(digest) {
            return Ok(Some(grant.clone()));
        }
        Ok(self.file()?.borrow().of_digest(digest).cloned())
    }

    /// What the newest version of this name that was asked for may do.
    pub(crate) fn of_name(&self, name: &str) -> Result<Option<Grant>, GrantsError> {
        Ok(self.file()?.borrow().of_name(name).cloned())
    }

    /// Everything that is on the disk.
    pub fn all(&self) -> Result<Vec<Grant>, GrantsError> {
        Ok(self.file()?.borrow().all().to_vec())
    }

    /// Takes effect at once, and is remembered.
    pub fn put(&self, grant: Grant) -> Result<(), GrantsError> {
        self.now.borrow_mut().insert(grant.digest, grant.clone());
        let digest = grant.digest;
        self.change(&digest, |_| Ok(Some(grant)))
    }

    pub fn remove(&self, digest: &Digest) -> Result<(), GrantsError> {
        self.now.borrow_mut().remove(digest);
        self.change(digest, |_| Ok(None))
    }

    /// Changes what this file may do, see [`GrantsFile::change`].
    pub fn change<E: From<GrantsError>>(
        &self,
        digest: &Digest,
        change: impl FnOnce(Option<Grant>) -> Result<Option<Grant>, E>,
    ) -> Result<(), E> {
        let after = self.file()?.borrow_mut().change(digest, change)?;
        let mut now = self.now.borrow_mut();
        match after {
            Some(grant) => now.insert(*digest, grant),
            None => now.remove(digest),
        };
        Ok(())
    }
}
