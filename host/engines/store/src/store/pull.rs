//! Images from registries: the next layers come while one is unpacked.

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc;

use super::make::{Cancelling, Turn, Unpacking, aside};
use super::tree::Tree;
use super::user::Store;
use crate::domain::Reporter;
use crate::error::StoreError;
use crate::fault::Bound;
use crate::files::{OwnFolder, TemporaryFolder};
use crate::layer::Promised;
use crate::limits::DOCUMENT_BYTES;
use crate::registry::ImageReference;
use crate::registry::artifacts::{Logins, Purpose, Registry, RemoteImage, Which};
use crate::registry::image_manifest::Blob;
use crate::source::{Found, Stored};

/// Layers that come at the same time.
const AT_ONCE: usize = 3;

impl Store {
    /// Gets an image for this computer from its registry, which is asked even if the image is
    /// here: a tag may mean another one by now. [`Self::find`] asks nobody.
    ///
    /// # Errors
    ///
    /// When it cannot be had, is not acceptable, or cannot be kept. Nothing of it stays then.
    pub async fn pull(
        &self,
        name: &ImageReference,
        logins: &dyn Logins,
        reporter: &dyn Reporter,
    ) -> Result<Tree, StoreError> {
        let (place, shown) = (name.place()?, name.to_string());
        reporter.phase(&format!("Pulling {shown}"));
        let registry = Registry::connect(&place, logins, Purpose::Pull).await?;
        let remote = registry.image(&place.which).await?;
        let pulling = Pulling { registry: &registry, shown: &shown, reporter };
        let config = pulling.config(&remote.config).await?;
        let stored = |blob: &Blob| Stored { file: String::new(), digest: Some(blob.digest) };
        let layers = remote.layers.iter().map(stored).collect();
        let found = Found::new(&shown, config, layers, Vec::new(), &self.limits)?;
        let digest = found.digest;
        let folder = self.folder()?;
        let tree = match self.turn(&folder, &digest, reporter).await? {
            Turn::There(tree) => *tree,
            Turn::Ours(lock) => {
                reporter.phase(&format!("Pulling {shown}"));
                pulling.unpacked(self, &folder, &remote, found).await?;
                self.made(&folder, &digest, lock)?
            }
        };
        let exact = place.with(Which::Digest(remote.named.to_string()));
        self.names().set(&[place.to_string(), exact.to_string()], digest)?;
        reporter.finish();
        Ok(tree)
    }
}

struct Pulling<'a> {
    registry: &'a Registry,
    shown: &'a str,
    reporter: &'a dyn Reporter,
}

impl Pulling<'_> {
    async fn config(&self, blob: &Blob) -> Result<Vec<u8>, StoreError> {
        if blob.size > DOCUMENT_BYTES {
            return Err(StoreError::bound(self.shown, Bound::Document(DOCUMENT_BYTES)));
        }
        let mut bytes = Vec::new();
        let got = self.registry.download(self.shown, blob, &mut bytes, &|_| {}).await;
        got.map_err(|error| StoreError::download(PathBuf::new(), error))?;
        Ok(bytes)
    }

    async fn unpacked(
        &self,
        store: &Store,
        folder: &OwnFolder,
        remote: &RemoteImage,
        found: Found,
    ) -> Result<(), StoreError> {
        let total = remote.layers.iter().fold(0_u64, |sum, blob| sum.saturating_add(blob.size));
        if total > store.limits.bytes {
            return Err(StoreError::bound(self.shown, Bound::Bytes(store.limits.bytes)));
        }
        let cancelling = Cancelling::default();
        let unpacking =
            Unpacking::begin(folder, self.shown, store.limits, Arc::clone(&cancelling.0))?;
        let layers = folder.temporary_folder()?;
        // One that came waits until the one before it is unpacked.
        let (sender, receiver) = mpsc::channel(1);
        let came = async {
            let sender = sender;
            let done = AtomicU64::new(0);
            // Made before: a closure that borrows what it is given is not for every task.
            let each = remote.layers.iter().enumerate();
            let each: Vec<_> = each.map(|it| self.layer(&layers, it, &done, total)).collect();
            let mut files = stream::iter(each).buffered(AT_ONCE);
            while let Some(file) = files.try_next().await? {
                if sender.send(file).await.is_err() {
                    break;
                }
            }
            Ok(())
        };
        let promised = found.promised().map(|(_, promised)| promised).collect();
        let laid = lay(unpacking, receiver, promised);
        let ((), unpacking) = futures_util::future::try_join(came, laid).await?;
        aside(move || unpacking.finish(&found.digest, &found.config)).await
    }

    /// A layer in a file whose name is gone already, beside where the tree will be: there is
    /// most room.
    async fn layer(
        &self,
        folder: &TemporaryFolder,
        (at, blob): (usize, &Blob),
        done: &AtomicU64,
        total: u64,
    ) -> Result<File, StoreError> {
        let name = OsString::from(at.to_string());
        let path = folder.path().join(&name);
        let unwritable = |error| StoreError::Unwritable { path: path.clone(), error };
        let mut file = folder.folder().create(&name, 0o600).map_err(unwritable)?;
        let progress = |count| {
            let done = done.fetch_add(count, Ordering::Relaxed).saturating_add(count);
            self.reporter.amount(done, total, "bytes");
        };
        let got = self.registry.download(self.shown, blob, &mut file, &progress).await;
        got.map_err(|error| StoreError::download(path.clone(), error))?;
        let file = folder.folder().file(&name).map_err(unwritable)?;
        folder.folder().remove_file(&name).map_err(unwritable)?;
        Ok(file)
    }
}

async fn lay(
    mut unpacking: Unpacking,
    mut files: mpsc::Receiver<File>,
    promised: Vec<Promised>,
) -> Result<Unpacking, StoreError> {
    for promised in promised {
        let Some(file) = files.recv().await else { break };
        unpacking = aside(move || unpacking.lay(file, &promised).map(|()| unpacking)).await?;
    }
    Ok(unpacking)
}
