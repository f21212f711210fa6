//! Makes the tree of an image once: of several commands that want it, one unpacks, and the
//! others wait.

use std::ffi::OsStr;
use std::io::{Read, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::kept::{self, CONFIG, RECORD, ROOT, Record};
use super::tree::Tree;
use super::user::Store;
use crate::domain::{Digest, Reporter};
use crate::error::StoreError;
use crate::fault::Fault;
use crate::files::below::Folder;
use crate::files::{FileError, Lock, OwnFolder, Reason, TemporaryFolder};
use crate::layer::{Budget, Layer, Promised};
use crate::limits::Limits;
use crate::tree::Writer;

/// How often is looked whether another command has finished.
const LATER: Duration = Duration::from_millis(100);

/// Whose turn it is.
pub(super) enum Turn {
    There(Box<Tree>),
    /// Ours: nobody else unpacks it meanwhile.
    Ours(Lock),
}

impl Store {
    /// Waits until the image is there, or until we are to unpack it.
    pub(super) async fn turn(
        &self,
        folder: &OwnFolder,
        digest: &Digest,
        reporter: &dyn Reporter,
    ) -> Result<Turn, StoreError> {
        let mut told = false;
        loop {
            if let Some(used) = self.share(digest)?
                && let Some(tree) = kept::tree(folder, digest, used)?
            {
                return Ok(Turn::There(Box::new(tree)));
            }
            if let Some(lock) = self.lock(digest)? {
                // It may have come in between.
                if kept::record(folder, digest)?.is_none() {
                    return Ok(Turn::Ours(lock));
                }
                continue;
            }
            if !told {
                told = true;
                reporter.phase("Waiting for another command, which unpacks the same image");
            }
            tokio::time::sleep(LATER).await;
        }
    }

    /// The tree that [`Unpacking::finish`] made.
    pub(super) fn made(
        &self,
        folder: &OwnFolder,
        digest: &Digest,
        lock: Lock,
    ) -> Result<Tree, StoreError> {
        drop(lock);
        let gone = || {
            let path = self.path.join(kept::name_of(digest));
            FileError::new(path, Reason::Malformed("another command removed it".to_owned()))
        };
        let used = self.share(digest)?.ok_or_else(gone)?;
        Ok(kept::tree(folder, digest, used)?.ok_or_else(gone)?)
    }
}

/// A tree that gets its name when it is complete, and goes when it is not.
pub(super) struct Unpacking {
    folder: TemporaryFolder,
    writer: Writer,
    budget: Budget,
    shown: String,
}

impl Unpacking {
    /// `shown` is what the image is called in messages.
    pub(super) fn begin(
        store: &OwnFolder,
        shown: &str,
        limits: Limits,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Self, StoreError> {
        let folder = store.temporary_folder()?;
        let path = folder.path().join(ROOT);
        let root = || -> std::io::Result<Folder> {
            folder.folder().make_folder(OsStr::new(ROOT), 0o700)?;
            let root = folder.folder().folder(OsStr::new(ROOT))?;
            root.set_mode(0o755)?;
            Ok(root)
        };
        let root = root().map_err(|error| unwritable(&path, error))?;
        let writer = Writer::new(root, path, cancelled);
        Ok(Self { folder, writer, budget: Budget::new(limits), shown: shown.to_owned() })
    }

    /// Lays the next layer.
    pub(super) fn lay(&mut self, layer: impl Read, promised: &Promised) -> Result<(), StoreError> {
        let laid =
            Layer::new(layer, &mut self.budget).and_then(|layer| self.writer.lay(layer, promised));
        laid.map_err(|fault| StoreError::of(&self.shown, fault))
    }

    /// Gives the tree its name.
    pub(super) fn finish(self, digest: &Digest, config: &[u8]) -> Result<(), StoreError> {
        let Self { folder, writer, .. } = self;
        writer.finish();
        let write = |name: &str, bytes: &[u8]| {
            let written = folder.folder().create(OsStr::new(name), 0o600);
            let written = written.and_then(|mut file| file.write_all(bytes));
            written.map_err(|error| unwritable(&folder.path().join(name), error))
        };
        write(CONFIG, config)?;
        let size = folder.folder().size_on_disk();
        let size = size.map_err(|error| unwritable(folder.path(), error))?;
        let record = serde_json::to_vec(&Record::new(size));
        let record = record.map_err(|error| unwritable(folder.path(), error.into()))?;
        write(RECORD, &record)?;
        folder.persist(OsStr::new(&kept::name_of(digest)))?;
        Ok(())
    }
}

fn unwritable(path: &std::path::Path, error: std::io::Error) -> StoreError {
    StoreError::of("", Fault::Write(path.to_owned(), error))
}

/// Ends the work of another thread when nobody waits for it any more.
#[derive(Default)]
pub(super) struct Cancelling(pub(super) Arc<AtomicBool>);

impl Drop for Cancelling {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs what does not wait politely on a thread of its own.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Cancelled),
    }
}
