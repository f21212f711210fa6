//! Installed providers.
//!
//! ```text
//! blobs/sha256/<64 hex>.wasm         the files, by content, and .wasm.minisig beside them
//! receipts/<name>@<version>.json     what each is, so that no .wasm has to be read for it
//! lock                               whoever changes something holds it
//! ```
//!
//! A blob is written before its receipt, each in one step (`files::replace`), so a
//! program that is killed leaves at most a blob that nobody speaks of; the next
//! change deletes it. Readers take no lock. Whatever is loaded is hashed again.

mod error;
mod receipt;

use std::io;
use std::path::{Path, PathBuf};

use super::describe::Description;
use super::name::Name;
use super::signing::beside;
use super::sources::read_file;
use crate::domain::Digest;
use crate::files::{self, Lock};
use crate::sandbox::limits;

pub use error::StoreError;
pub use receipt::Receipt;

/// The providers of one user.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What was found in a store.
#[derive(Debug, Default)]
pub struct Found {
    /// The receipts, by name, the newest version first.
    pub receipts: Vec<Receipt>,
    /// Receipts that cannot be read.
    pub damaged: Vec<StoreError>,
}

impl Store {
    /// The store in `folder`, which need not exist.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Its folder.
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
        let entries = std::fs::read_dir(self.receipts()).into_iter().flatten().flatten();
        let files = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<Name> = files
            .filter_map(|file| file.split_once('@')?.0.replace('.', "/").parse().ok())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn matching(&self, wanted: impl Fn(&str) -> bool) -> Result<Found, StoreError> {
        let folder = self.receipts();
        let unreadable = |source| StoreError::Unreadable { path: folder.clone(), source };
        let mut found = Found::default();
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries.map_err(unreadable)?,
        };
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let file = entry.file_name();
            let Some(file) = file.to_str() else { continue };
            if file.ends_with(".json") && !file.starts_with('.') && wanted(file) {
                match Receipt::read(&entry.path()) {
                    Ok(receipt) => found.receipts.push(receipt),
                    Err(error) => found.damaged.push(error),
                }
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
    pub fn bytes(&self, receipt: &Receipt) -> Result<Vec<u8>, StoreError> {
        let digest = &receipt.about.digest;
        let path = self.blob(digest);
        let damaged = |reason: String| StoreError::Damaged {
            name: receipt.name.clone(),
            version: receipt.version.clone(),
            path: path.clone(),
            reason,
        };
        let bytes = match read_file(&path, limits::MOST_PACKAGE_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                use crate::domain::Diagnostic as _;
                return Err(damaged(error.causes().join("; ")));
            }
        };
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(damaged(format!("it was installed as {digest} and is {found} now")));
        }
        Ok(bytes)
    }

    /// What the file of a receipt says today. A receipt that an earlier `renku` wrote
    /// knows fewer of the functions; it counts alone where the file cannot be read.
    #[must_use]
    pub fn describe(&self, receipt: &Receipt) -> Description {
        let bytes = self.bytes(receipt).ok();
        let read = bytes.and_then(|bytes| {
            Description::read(receipt.name.as_str(), &bytes, limits::MOST_PACKAGE_BYTES).ok()
        });
        read.unwrap_or_else(|| receipt.about.clone())
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
        receipt: &Receipt,
        bytes: &[u8],
        signature: Option<&str>,
        waiting: impl FnOnce(),
    ) -> Result<(), StoreError> {
        let lock = self.lock(waiting)?;
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
            self.clean(&lock);
        }
        written?;
        // What is reported as installed was read from the disk.
        self.bytes(receipt).map(drop)
    }

    fn write(
        &self,
        receipt: &Receipt,
        bytes: &[u8],
        signature: Option<&str>,
    ) -> Result<(), StoreError> {
        let blob = self.blob(&receipt.about.digest);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Unwritable { path, source }
        };
        for folder in [self.blobs(), self.receipts()] {
            files::make_folder(&folder).map_err(failed(&folder))?;
        }
        // A blob that is there may be damaged: this also repairs it.
        files::replace(&blob, bytes).map_err(failed(&blob))?;
        if let Some(text) = signature {
            let path = self.signature_path(&receipt.about.digest);
            files::replace(&path, text.as_bytes()).map_err(failed(&path))?;
        }
        let path = self.receipt(receipt);
        files::replace(&path, &receipt.to_json()).map_err(failed(&path))
    }

    /// The signature that was installed with a provider.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read.
    pub fn signature(&self, receipt: &Receipt) -> Result<Option<String>, StoreError> {
        let path = self.signature_path(&receipt.about.digest);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Unreadable { path, source }),
        }
    }

    /// Removes receipts, and the files that no other receipt names.
    ///
    /// # Errors
    ///
    /// When they cannot be deleted.
    pub fn remove(&self, receipts: &[Receipt], waiting: impl FnOnce()) -> Result<(), StoreError> {
        let lock = self.lock(waiting)?;
        for receipt in receipts {
            let path = self.receipt(receipt);
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::Unwritable { path, source });
                }
                _ => {}
            }
        }
        self.clean(&lock);
        Ok(())
    }

    /// Deletes what no receipt names. With a receipt that cannot be read nobody
    /// knows what is needed, so nothing is deleted then.
    fn clean(&self, lock: &Lock) {
        if !lock.exclusive {
            return;
        }
        files::sweep(&self.blobs());
        files::sweep(&self.receipts());
        let Ok(Found { receipts, damaged }) = self.all() else { return };
        let Ok(blobs) = std::fs::read_dir(self.blobs()) else { return };
        if !damaged.is_empty() {
            return;
        }
        for entry in blobs.flatten() {
            let path = entry.path();
            let is_needed = receipts
                .iter()
                .map(|receipt| &receipt.about.digest)
                .any(|digest| self.blob(digest) == path || self.signature_path(digest) == path);
            if !is_needed {
                let _ = std::fs::remove_file(path);
            }
        }
    }

    fn lock(&self, waiting: impl FnOnce()) -> Result<Lock, StoreError> {
        let path = self.folder.join("lock");
        files::make_folder(&self.folder)
            .and_then(|()| files::lock(&path, waiting))
            .map_err(|source| StoreError::Unwritable { path: self.folder.clone(), source })
            .inspect(|lock| self.clean(lock))
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

    fn receipt(&self, receipt: &Receipt) -> PathBuf {
        self.receipts().join(receipt.file_name())
    }
}
