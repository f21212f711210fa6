//! What is here, how much it takes, and how it goes again.

use std::collections::BTreeSet;
use std::time::SystemTime;

use super::kept;
use super::user::Store;
use crate::domain::Digest;
use crate::error::StoreError;

/// An image in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub digest: Digest,
    /// What it is called, with its registry. Nothing when another image has its names by now.
    pub names: Vec<String>,
    /// Bytes on the disk.
    pub size: u64,
    /// When it was unpacked.
    pub made: SystemTime,
    /// When a session was started from it last, or it was pulled or loaded.
    pub used: SystemTime,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    pub images: Vec<Listed>,
    /// Bytes on the disk that are free now.
    pub size: u64,
}

impl Store {
    /// Every image, the one that was used last first. Nothing is walked: sizes are noted.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>, StoreError> {
        let Some(folder) = self.existing()? else { return Ok(Vec::new()) };
        let names = self.names().all()?;
        let mut all = Vec::new();
        for name in folder.names()? {
            let Some(digest) = name.to_str().and_then(kept::digest_of) else { continue };
            let Some((record, used)) = kept::record(&folder, &digest)? else { continue };
            let called = names.iter().filter(|(_, known)| **known == digest);
            let names = called.map(|(name, _)| name.clone()).collect();
            all.push(Listed { digest, names, size: record.size, made: record.made(), used });
        }
        all.sort_by_key(|listed| std::cmp::Reverse(listed.used));
        Ok(all)
    }

    /// Removes what `unwanted` says of the images that are not in `in_use` and that no command
    /// has a [`super::tree::Tree`] of; what killed programs left goes, too.
    ///
    /// # Errors
    ///
    /// When one cannot be removed.
    pub fn remove(
        &self,
        in_use: &BTreeSet<Digest>,
        unwanted: impl Fn(&Listed) -> bool,
    ) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        if self.existing()?.is_none() {
            return Ok(removed);
        }
        let folder = self.folder()?;
        for listed in self.list()? {
            if in_use.contains(&listed.digest) || !unwanted(&listed) {
                continue;
            }
            let Some(lock) = self.lock(&listed.digest)? else { continue };
            self.names().remove(&listed.digest)?;
            folder.remove_folder(kept::name_of(&listed.digest))?;
            drop(lock);
            removed.size = removed.size.saturating_add(listed.size);
            removed.images.push(listed);
        }
        Ok(removed)
    }
}
