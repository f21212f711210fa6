//! An image as it lies in the store: its folder, and what is noted about it.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::tree::Tree;
use crate::description::Description;
use crate::domain::Digest;
use crate::error::StoreError;
use crate::files::{FileError, Lock, OwnFolder, Reason};
use crate::limits::DOCUMENT_BYTES;

const VERSION: u32 = 1;
const PREFIX: &str = "sha256-";
pub(super) const CONFIG: &str = "config.json";
pub(super) const RECORD: &str = "image.json";
pub(super) const ROOT: &str = "root";

/// What is noted about an image. When it was used last is when the file was changed last.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    version: u32,
    /// Bytes on the disk.
    pub(super) size: u64,
    /// Seconds since 1970.
    pub(super) made: u64,
}

impl Record {
    pub(super) fn new(size: u64) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { version: VERSION, size, made: now.as_secs() }
    }

    pub(super) fn made(&self) -> SystemTime {
        UNIX_EPOCH.checked_add(Duration::from_secs(self.made)).unwrap_or(UNIX_EPOCH)
    }
}

/// The name of an image's folder.
pub(super) fn name_of(digest: &Digest) -> String {
    format!("{PREFIX}{}", digest.hex())
}

/// The image that a folder of this name is of.
pub(super) fn digest_of(name: &str) -> Option<Digest> {
    format!("sha256:{}", name.strip_prefix(PREFIX)?).parse().ok()
}

/// What is noted about an image, and when it was used last; none when it is not there.
pub(super) fn record(
    store: &OwnFolder,
    digest: &Digest,
) -> Result<Option<(Record, SystemTime)>, StoreError> {
    let path = store.path().join(name_of(digest));
    let Some(folder) = OwnFolder::open(&path)? else { return Ok(None) };
    let read: Record = document(&folder, RECORD)?;
    let used = folder.file(RECORD)?.and_then(|file| file.metadata().ok()?.modified().ok());
    let used = used.unwrap_or_else(|| read.made());
    Ok(Some((read, used)))
}

/// The tree of an image; none when it is not there.
pub(super) fn tree(
    store: &OwnFolder,
    digest: &Digest,
    used: Lock,
) -> Result<Option<Tree>, StoreError> {
    let path = store.path().join(name_of(digest));
    let Some(folder) = OwnFolder::open(&path)? else { return Ok(None) };
    let record: Record = document(&folder, RECORD)?;
    let text = bytes(&folder, CONFIG)?;
    let wrong = |reason| malformed(&path.join(CONFIG), reason);
    if Digest::of(&text) != *digest {
        return Err(wrong("it was changed".to_owned()).into());
    }
    let description = Description::read(&text).map_err(wrong)?;
    // That it was used now is worth nothing where it cannot be noted.
    if let Some(file) = folder.file(RECORD)? {
        let _ = file.set_modified(SystemTime::now());
    }
    Ok(Some(Tree {
        root: path.join(ROOT),
        config: description.config,
        volumes: description.volumes,
        digest: *digest,
        size: record.size,
        _used: used,
    }))
}

fn document<T: serde::de::DeserializeOwned>(
    folder: &OwnFolder,
    name: &str,
) -> Result<T, FileError> {
    let bytes = bytes(folder, name)?;
    let wrong = |error: serde_json::Error| malformed(&folder.path().join(name), error.to_string());
    serde_json::from_slice(&bytes).map_err(wrong)
}

fn bytes(folder: &OwnFolder, name: &str) -> Result<Vec<u8>, FileError> {
    let read = folder.read(name, DOCUMENT_BYTES)?;
    read.ok_or_else(|| malformed(&folder.path().join(name), "it is not there".to_owned()))
}

fn malformed(path: &Path, reason: String) -> FileError {
    FileError::new(path.to_owned(), Reason::Malformed(reason))
}
