//! Signatures in a registry: artifacts that refer to the provider's manifest
//! (OCI distribution specification 1.1, "Listing Referrers"), also where the
//! registry is older and knows only tags ("Referrers Tag Schema").

use std::collections::BTreeMap;

use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::{
    ImageIndexEntry, OCI_IMAGE_INDEX_MEDIA_TYPE, OciDescriptor, OciImageIndex, OciImageManifest,
    OciManifest,
};

use super::error::RegistryError;
use super::layout::{EMPTY, MANIFEST, SIGNATURE};
use super::registry::Registry;
use crate::domain::Digest;
use crate::web::HeaderValue;

/// A minisign signature has some 300 bytes.
const LIMIT: usize = 16 * 1024;

impl Registry {
    /// The signature that is attached to the manifest `digest`, minisign's text.
    /// Of several, the last one counts.
    ///
    /// # Errors
    ///
    /// When one is listed and cannot be had.
    pub(super) async fn signature(&self, digest: &str) -> Result<Option<String>, RegistryError> {
        let shown = format!("{}@{digest}", self.place.place());
        let subject = self.by_digest(digest);
        let referrers = self
            .client
            .pull_referrers(&subject, Some(SIGNATURE))
            .await
            .map_err(|error| self.failed(&shown, error))?;
        // Whether a registry filters is its own affair.
        let ours = |entry: &&ImageIndexEntry| entry.artifact_type.as_deref() == Some(SIGNATURE);
        let Some(entry) = referrers.manifests.iter().rfind(ours) else { return Ok(None) };
        let at = self.by_digest(&entry.digest);
        let (manifest, _) = self
            .client
            .pull_image_manifest(&at, &self.auth)
            .await
            .map_err(|error| self.failed(&shown, error))?;
        let unreadable = |reason: &str| RegistryError::NotAProvider {
            reference: shown.clone(),
            reason: format!("its signature {reason}"),
        };
        let [layer] = manifest.layers.as_slice() else {
            return Err(unreadable("has not one layer"));
        };
        let bytes = self.blob(&shown, &at, layer, LIMIT).await?;
        String::from_utf8(bytes).map(Some).map_err(|_| unreadable("is no text"))
    }

    /// Attaches a signature to the manifest `digest`.
    ///
    /// # Errors
    ///
    /// What the registry says.
    pub(super) async fn attach_signature(
        &self,
        digest: &str,
        signature: &str,
    ) -> Result<(), RegistryError> {
        let shown = format!("{}@{digest}", self.place.place());
        let failed = |error| self.failed(&shown, error);
        if self.signature(digest).await?.as_deref() == Some(signature) {
            return Ok(());
        }
        let (subject, _) = self
            .client
            .pull_manifest_raw(&self.by_digest(digest), &self.auth, &[MANIFEST])
            .await
            .map_err(failed)?;
        let layer = ImageLayer::new(signature.as_bytes().to_vec(), SIGNATURE.to_owned(), None);
        let config = Config::new(b"{}".to_vec(), EMPTY.to_owned(), None);
        let mut manifest = OciImageManifest::build(std::slice::from_ref(&layer), &config, None);
        manifest.media_type = Some(MANIFEST.to_owned());
        manifest.artifact_type = Some(SIGNATURE.to_owned());
        manifest.subject = Some(OciDescriptor {
            media_type: MANIFEST.to_owned(),
            digest: digest.to_owned(),
            size: i64::try_from(subject.len()).unwrap_or(i64::MAX),
            ..OciDescriptor::default()
        });
        let body = serde_json::to_vec(&manifest).map_err(|error| failed(error.into()))?;
        let (own, size) = (Digest::of(&body).to_string(), body.len());
        let at = self.by_digest(&own);
        for blob in [&layer.data, &config.data] {
            let digest = Digest::of(blob).to_string();
            self.client.push_blob(&at, blob.clone(), &digest).await.map_err(failed)?;
        }
        // As it is: its digest is the name that it is found by.
        let kind = HeaderValue::from_static(MANIFEST);
        self.client.push_manifest_raw(&at, body, kind).await.map_err(failed)?;
        // A registry that knows referrers lists it by now.
        if self.signature(digest).await?.as_deref() == Some(signature) {
            return Ok(());
        }
        self.list_by_tag(&shown, digest, &own, size).await
    }

    /// Adds a referrer to the index under the tag that stands for `digest`.
    async fn list_by_tag(
        &self,
        shown: &str,
        digest: &str,
        referrer: &str,
        size: usize,
    ) -> Result<(), RegistryError> {
        let at = self.at(&digest.replace(':', "-"));
        let mut index = match self.client.pull_manifest(&at, &self.auth).await {
            Ok((OciManifest::ImageIndex(index), _)) => index,
            Ok((OciManifest::Image(_), _)) => {
                return Err(RegistryError::NotAProvider {
                    reference: shown.to_owned(),
                    reason: format!(
                        "the tag `{}` is no list of signatures",
                        digest.replace(':', "-")
                    ),
                });
            }
            Err(error) => match self.failed(shown, error) {
                RegistryError::Missing { .. } => OciImageIndex {
                    schema_version: 2,
                    media_type: Some(OCI_IMAGE_INDEX_MEDIA_TYPE.to_owned()),
                    manifests: Vec::new(),
                    artifact_type: None,
                    annotations: None,
                },
                error => return Err(error),
            },
        };
        index.manifests.push(ImageIndexEntry {
            media_type: MANIFEST.to_owned(),
            digest: referrer.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            platform: None,
            artifact_type: Some(SIGNATURE.to_owned()),
            annotations: Some(BTreeMap::new()),
        });
        let pushed = self.client.push_manifest(&at, &OciManifest::ImageIndex(index)).await;
        pushed.map(drop).map_err(|error| self.failed(shown, error))
    }
}
