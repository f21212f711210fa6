//! Gets a provider, and believes nothing but its digest.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use oci_client::manifest::{OciDescriptor, OciImageManifest};
use tokio::io::AsyncWrite;

use super::error::RegistryError;
use super::layout::{CONFIG, LAYER};
use super::reference::{OciReference, Which};
use super::registry::Registry;

/// What a registry gave.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// The component; its digest is the one that the manifest names.
    pub bytes: Vec<u8>,
    /// Where it was found: the tag that a range led to, or the digest.
    pub reference: OciReference,
    /// The digest of the manifest, `sha256:…`.
    pub manifest: String,
    /// Its signature, if one is attached: minisign's text.
    pub signature: Option<String>,
}

impl Registry {
    /// Gets the provider that `which` means, at most `limit` bytes, with its
    /// signature.
    ///
    /// # Errors
    ///
    /// When it is not there, may not be had, is no provider or too large, or the
    /// bytes are not the ones that were named.
    pub async fn pull(&self, which: &Which, limit: usize) -> Result<Pulled, RegistryError> {
        let which = self.resolve(which).await?;
        let reference = self.place.with(which.clone());
        let shown = reference.to_string();
        let image = match &which {
            Which::Digest(digest) => self.by_digest(digest),
            Which::Tag(tag) => self.at(tag),
            Which::Newest | Which::Range(_) => self.at("latest"),
        };
        let (manifest, digest) = self
            .client
            .pull_image_manifest(&image, &self.auth)
            .await
            .map_err(|error| self.failed(&shown, error))?;
        let layer = the_layer(&shown, &manifest)?;
        let bytes = self.blob(&shown, &image, layer, limit).await?;
        let signature = self.signature(&digest).await?;
        Ok(Pulled { bytes, reference, manifest: digest, signature })
    }

    /// The bytes of a blob, checked against its digest.
    pub(super) async fn blob(
        &self,
        shown: &str,
        image: &oci_client::Reference,
        blob: &OciDescriptor,
        limit: usize,
    ) -> Result<Vec<u8>, RegistryError> {
        let too_large =
            |bytes| RegistryError::TooLarge { reference: shown.to_owned(), bytes, limit };
        let size = u64::try_from(blob.size).unwrap_or(u64::MAX);
        if usize::try_from(size).map_or(true, |size| size > limit) {
            return Err(too_large(size));
        }
        let mut bytes = Bounded { bytes: Vec::new(), limit, over: false };
        let pulled = self.client.pull_blob(image, blob, &mut bytes).await;
        if bytes.over {
            return Err(too_large(size.max(limit as u64 + 1)));
        }
        pulled.map_err(|error| self.failed(shown, error))?;
        Ok(bytes.bytes)
    }
}

/// The one layer of a provider's manifest.
fn the_layer<'a>(
    shown: &str,
    manifest: &'a OciImageManifest,
) -> Result<&'a OciDescriptor, RegistryError> {
    let other =
        |reason: String| Err(RegistryError::NotAProvider { reference: shown.to_owned(), reason });
    if manifest.config.media_type != CONFIG {
        return other(format!("it is of the type `{}`", manifest.config.media_type));
    }
    match manifest.layers.as_slice() {
        [layer] if layer.media_type == LAYER => Ok(layer),
        [layer] => other(format!("its layer is of the type `{}`", layer.media_type)),
        layers => other(format!("it has {} layers instead of one", layers.len())),
    }
}

/// Bytes up to a limit: a registry may send more than it announced.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    over: bool,
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        more: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.bytes.len() + more.len() > self.limit {
            self.over = true;
            return Poll::Ready(Err(io::Error::other("too many bytes")));
        }
        self.bytes.extend_from_slice(more);
        Poll::Ready(Ok(more.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
