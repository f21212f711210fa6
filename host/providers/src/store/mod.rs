//! Installed providers.
//!
//! ```text
//! blobs/sha256/<64 hex>.wasm         the files, by content, and .wasm.minisig beside them
//! receipts/<name>@<version>.json     what each is, so that no .wasm has to be read for it
//! lock                               whoever changes something holds it
//! ```
//!
//! A blob is written before its receipt, each in one step, so a program that is
//! killed leaves at most a blob that nobody speaks of; the next change deletes it.
//! Readers take no lock. Whatever is loaded is hashed again. A receipt says which
//! file a name means, so nobody else may have written it.

mod error;
mod installed;

use std::path::{Path, PathBuf};

use super::about::About;
use super::name::Name;
use super::signing::beside;
use crate::domain::Digest;
use crate::files::{FileError, Lock, OwnFolder, Readers, Reason};
use crate::sandbox::limits;

pub use error::StoreError;
pub use installed::Installed;

/// More than a receipt or a signature can be.
const SMALL: u64 = 1 << 20;

/// The providers of one user.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What was found in a store.
#[derive(Debug, Default)]
pub struct Found {
    /// The receipts, by name, the newest version first.
    pub receipts: Vec<Installed>,
    /// Receipts that cannot be read.
    pub damaged: Vec<StoreError>,
}

impl Store {
    /// The store in `folder`, which need not exist.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All installed providers.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read. That there is none is no error.
    pub fn all(&self) -> Result<Found, StoreError> {
        self.matching(|_| true)
    }

    /// The installed versions of one.
    ///
    /// # Errors
    ///
    /// As [`Self::all`].
    pub fn versions(&self, name: &Name) -> Result<Found, StoreError> {
        let prefix = format!("{}@", name.file_stem());
        self.matching(|file| file.starts_with(&prefix))
    }

    /// The names of all of them, from the names of the receipts alone.
    #[must_use]
    pub fn names(&self) -> Vec<Name> {
        let folder = OwnFolder::open(&self.receipts()).ok().flatten();
        let entries = folder.and_then(|folder| folder.names().ok()).unwrap_or_default();
        let files = entries.into_iter().filter_map(|entry| entry.into_string().ok());
        let mut names: Vec<Name> = files
            .filter_map(|file| file.split_once('@')?.0.replace('.', "/").parse().ok())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn matching(&self, wanted: impl Fn(&str) -> bool) -> Result<Found, StoreError> {
        let mut found = Found::default();
        let Some(folder) = OwnFolder::open(&self.receipts())? else { return Ok(found) };
        for file in folder.names()? {
            let Some(file) = file.to_str() else { continue };
            if !file.ends_with(".json") || file.starts_with('.') || !wanted(file) {
                continue;
            }
            match folder.read(file, SMALL) {
                Ok(Some(bytes)) => match Installed::read(&folder.path().join(file), &bytes) {
                    Ok(receipt) => found.receipts.push(receipt),
                    Err(error) => found.damaged.push(error),
                },
                // Removed meanwhile.
                Ok(None) => {}
                Err(error) => found.damaged.push(error.into()),
            }
        }
        found.receipts.sort_by(|left, right| {
            left.name.cmp(&right.name).then_with(|| right.version.cmp(&left.version))
        });
        Ok(found)
    }

    /// The file of a receipt, with its digest checked.
    ///
    /// # Errors
    ///
    /// When it is gone, or not what was installed.
    pub fn bytes(&self, receipt: &Installed) -> Result<Vec<u8>, StoreError> {
        let digest = &receipt.about.digest;
        let path = self.blob(digest);
        let damaged = |reason: String| StoreError::Damaged {
            name: receipt.name.clone(),
            version: receipt.version.clone(),
            path: path.clone(),
            reason,
        };
        let bytes = match self.read(&path, limits::MOST_PACKAGE_BYTES as u64) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Err(damaged("it is not there".into())),
            Err(error) => match error.reason() {
                Reason::NotAFile(_) | Reason::TooLarge { .. } => {
                    return Err(damaged(error.to_string()));
                }
                _ => return Err(error.into()),
            },
        };
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(damaged(format!("it was installed as {digest} and is now {found}")));
        }
        Ok(bytes)
    }

    /// What the file of a receipt says today. A receipt that an earlier `renku` wrote
    /// knows fewer of the functions; it counts alone where the file cannot be read.
    #[must_use]
    pub fn describe(&self, receipt: &Installed) -> About {
        let bytes = self.bytes(receipt).ok();
        let read = bytes.and_then(|bytes| {
            About::read(receipt.name.as_str(), &bytes, limits::MOST_PACKAGE_BYTES).ok()
        });
        read.unwrap_or_else(|| receipt.about.clone())
    }

    /// The bytes of a file of the store; none when there is none.
    fn read(&self, path: &Path, most: u64) -> Result<Option<Vec<u8>>, FileError> {
        let Some(folder) = OwnFolder::open(path.parent().unwrap_or(path))? else { return Ok(None) };
        folder.read(path.file_name().unwrap_or_default(), most)
    }

    /// Installs `bytes` under a receipt, and reads both back. `waiting` is called
    /// when another program changes the store just now.
    ///
    /// # Errors
    ///
    /// When this version is installed with other bytes, or the disk does not
    /// take it; then everything is as before.
    pub fn add(
        &self,
        receipt: &Installed,
        bytes: &[u8],
        signature: Option<&str>,
        waiting: impl FnOnce(),
    ) -> Result<(), StoreError> {
        let _lock = self.lock(waiting)?;
        let installed = self.versions(&receipt.name)?.receipts;
        let same = installed.iter().find(|other| other.version == receipt.version);
        if let Some(other) = same
            && other.about.digest != receipt.about.digest
        {
            return Err(StoreError::OtherBytes {
                name: receipt.name.clone(),
                version: receipt.version.clone(),
                installed: Box::new(other.about.digest),
                found: Box::new(receipt.about.digest),
            });
        }
        let written = self.write(receipt, bytes, signature);
        if written.is_err() {
            self.clean();
        }
        written?;
        // What is reported as installed was read from the disk.
        self.bytes(receipt).map(drop)
    }

    fn write(
        &self,
        receipt: &Installed,
        bytes: &[u8],
        signature: Option<&str>,
    ) -> Result<(), StoreError> {
        let put = |path: &Path, bytes: &[u8]| {
            let folder = OwnFolder::make(path.parent().unwrap_or(path))?;
            folder.put(path.file_name().unwrap_or_default(), Readers::Owner, bytes)
        };
        // A blob that is there may be damaged: this also repairs it.
        put(&self.blob(&receipt.about.digest), bytes)?;
        if let Some(text) = signature {
            put(&self.signature_path(&receipt.about.digest), text.as_bytes())?;
        }
        Ok(put(&self.receipt(receipt), &receipt.to_json())?)
    }

    /// The signature that was installed with a provider.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read.
    pub fn signature(&self, receipt: &Installed) -> Result<Option<String>, StoreError> {
        let bytes = self.read(&self.signature_path(&receipt.about.digest), SMALL)?;
        // A file that is not text is not a signature; the check reports that.
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// A signature that was installed does not vanish: one that is gone was removed.
    pub(crate) fn without_signature(&self, receipt: &Installed, signer: &str) -> StoreError {
        StoreError::Damaged {
            name: receipt.name.clone(),
            version: receipt.version.clone(),
            path: self.signature_path(&receipt.about.digest),
            reason: format!("the signature of `{signer}` is not there any more"),
        }
    }

    /// Removes receipts, and the files that no other receipt names.
    ///
    /// # Errors
    ///
    /// When they cannot be deleted.
    pub fn remove(&self, receipts: &[Installed], waiting: impl FnOnce()) -> Result<(), StoreError> {
        let _lock = self.lock(waiting)?;
        if let Some(folder) = OwnFolder::open(&self.receipts())? {
            for receipt in receipts {
                folder.remove(receipt.file_name())?;
            }
        }
        self.clean();
        Ok(())
    }

    /// Deletes what no receipt names. With a receipt that cannot be read nobody
    /// knows what is needed, so nothing is deleted then.
    fn clean(&self) {
        let own = |path: PathBuf| OwnFolder::open(&path).ok().flatten();
        let (receipts, blobs) = (own(self.receipts()), own(self.blobs()));
        for folder in [&receipts, &blobs].into_iter().flatten() {
            folder.sweep();
        }
        let Some(blobs) = blobs else { return };
        let Ok(Found { receipts, damaged }) = self.all() else { return };
        if !damaged.is_empty() {
            return;
        }
        for name in blobs.names().unwrap_or_default() {
            let path = self.blobs().join(&name);
            let is_needed = receipts
                .iter()
                .map(|receipt| &receipt.about.digest)
                .any(|digest| self.blob(digest) == path || self.signature_path(digest) == path);
            if !is_needed {
                let _ = blobs.remove(name);
            }
        }
    }

    /// Waits until no other command changes the store, and removes what killed ones
    /// left.
    fn lock(&self, waiting: impl FnOnce()) -> Result<Lock, StoreError> {
        let lock = OwnFolder::make(&self.folder)?.lock_by("lock", waiting)?;
        self.clean();
        Ok(lock)
    }

    fn blobs(&self) -> PathBuf {
        self.folder.join("blobs/sha256")
    }

    fn receipts(&self) -> PathBuf {
        self.folder.join("receipts")
    }

    fn blob(&self, digest: &Digest) -> PathBuf {
        self.blobs().join(format!("{}.wasm", digest.hex()))
    }

    fn signature_path(&self, digest: &Digest) -> PathBuf {
        beside(&self.blob(digest))
    }

    fn receipt(&self, receipt: &Installed) -> PathBuf {
        self.receipts().join(receipt.file_name())
    }
}
