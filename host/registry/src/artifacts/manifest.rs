//! Manifests, and the blobs that they name. Nothing of a registry is believed but
//! digests.

use oci_client::manifest::{
    IMAGE_MANIFEST_LIST_MEDIA_TYPE, IMAGE_MANIFEST_MEDIA_TYPE, OCI_IMAGE_INDEX_MEDIA_TYPE,
    OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest, OciManifest,
};

use super::error::RegistryError;
use super::reference::is_digest;
use super::registry::Registry;
use crate::domain::Digest;
use crate::web::http::{Fetch, HttpError};

/// What is understood, the likeliest first.
const KINDS: [&str; 4] = [
    OCI_IMAGE_MEDIA_TYPE,
    OCI_IMAGE_INDEX_MEDIA_TYPE,
    IMAGE_MANIFEST_MEDIA_TYPE,
    IMAGE_MANIFEST_LIST_MEDIA_TYPE,
];

/// A manifest as it was sent: of one thing, or an [`OciManifest`] of any kind.
pub(super) struct Manifest<T = OciManifest> {
    pub(super) parsed: T,
    /// Of its bytes, `sha256:…`.
    pub(super) digest: String,
    pub(super) bytes: usize,
}

impl Registry {
    /// The manifest with this tag or digest. `shown` is how messages name it.
    ///
    /// # Errors
    ///
    /// When it is not there or may not be had, is none, or has another digest.
    pub(super) async fn manifest(
        &self,
        shown: &str,
        reference: &str,
    ) -> Result<Manifest, RegistryError> {
        let (bytes, digest) = self.document(shown, reference).await?;
        let parsed = serde_json::from_slice(&bytes).map_err(|_| RegistryError::NotAProvider {
            reference: shown.to_owned(),
            reason: "the registry did not send a manifest".to_owned(),
        })?;
        Ok(Manifest { parsed, digest, bytes: bytes.len() })
    }

    /// The bytes of a manifest of any kind, and their digest.
    ///
    /// # Errors
    ///
    /// When it is not there or may not be had, or has another digest.
    pub(super) async fn document(
        &self,
        shown: &str,
        reference: &str,
    ) -> Result<(Vec<u8>, String), RegistryError> {
        let url = self.wire.url(&format!("manifests/{reference}"))?;
        let answer = self.wire.send(Fetch::get(url).accepting(&KINDS)).await?;
        let answer = self.wire.accepted(shown, answer).await?;
        let named = match is_digest(reference) {
            true => Some(reference.to_owned()),
            false => answer.header("docker-content-digest").map(str::to_owned),
        };
        let bytes = self.wire.document(answer).await?;
        let digest = Digest::of(&bytes).to_string();
        if let Some(named) = named.filter(|named| is_digest(named) && *named != digest) {
            return Err(self.tampered(shown, &named, &digest));
        }
        Ok((bytes, digest))
    }

    /// The same, of one thing.
    ///
    /// # Errors
    ///
    /// As [`Self::manifest`], or when it is a list of manifests.
    pub(super) async fn image_manifest(
        &self,
        shown: &str,
        reference: &str,
    ) -> Result<Manifest<OciImageManifest>, RegistryError> {
        let Manifest { parsed, digest, bytes } = self.manifest(shown, reference).await?;
        match parsed {
            OciManifest::Image(parsed) => Ok(Manifest { parsed, digest, bytes }),
            OciManifest::ImageIndex(index) => Err(RegistryError::NotAProvider {
                reference: shown.to_owned(),
                reason: format!(
                    "it is an index of {} manifests, as images for several platforms have; a provider is one manifest",
                    index.manifests.len()
                ),
            }),
        }
    }

    /// The bytes of a blob, at most `limit`, checked against its digest.
    ///
    /// # Errors
    ///
    /// When it cannot be had, is too large, or has another digest.
    pub(super) async fn blob(
        &self,
        shown: &str,
        blob: &OciDescriptor,
        limit: usize,
    ) -> Result<Vec<u8>, RegistryError> {
        let too_large =
            |bytes| RegistryError::TooLarge { reference: shown.to_owned(), bytes, limit };
        let most = u64::try_from(limit).unwrap_or(u64::MAX);
        let size = u64::try_from(blob.size).unwrap_or(u64::MAX);
        if size > most {
            return Err(too_large(size));
        }
        if !is_digest(&blob.digest) {
            return Err(RegistryError::NotAProvider {
                reference: shown.to_owned(),
                reason: "a digest in it is not of the kind sha256".to_owned(),
            });
        }
        let url = self.wire.url(&format!("blobs/{}", blob.digest))?;
        let answer = self.wire.send(Fetch::get(url)).await?;
        let answer = self.wire.accepted(shown, answer).await?;
        let bytes = match answer.file(most).await {
            Err(HttpError::TooMuch { .. }) => {
                return Err(too_large(size.max(most.saturating_add(1))));
            }
            other => other.map_err(|error| self.wire.failed(error))?,
        };
        let digest = Digest::of(&bytes).to_string();
        match digest == blob.digest {
            true => Ok(bytes),
            false => Err(self.tampered(shown, &blob.digest, &digest)),
        }
    }

    pub(super) fn tampered(&self, shown: &str, named: &str, found: &str) -> RegistryError {
        RegistryError::Tampered {
            host: self.place.host.clone(),
            reference: shown.to_owned(),
            reason: format!("promised: {named}, sent: {found}"),
        }
    }
}
