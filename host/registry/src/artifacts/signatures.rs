//! Signatures in a registry: artifacts that refer to the provider's manifest.

use std::collections::BTreeMap;

use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::{
    ImageIndexEntry, OCI_IMAGE_INDEX_MEDIA_TYPE, OciDescriptor, OciImageIndex, OciImageManifest,
};

use super::error::RegistryError;
use super::layout::{EMPTY, MANIFEST, SIGNATURE, written};
use super::referrers::tag_of;
use super::registry::Registry;
use crate::domain::Digest;

/// A minisign signature has some 300 bytes.
const LIMIT: usize = 16 * 1024;
/// How many are read of one provider.
const MOST: usize = 32;

impl Registry {
    /// The signatures that are attached to the manifest `digest`, minisign's text each.
    ///
    /// # Errors
    ///
    /// When one is listed and cannot be had, or when the registry does not say whether
    /// there are any.
    pub(super) async fn signatures(&self, digest: &str) -> Result<Vec<String>, RegistryError> {
        let shown = format!("{}@{digest}", self.place.place());
        let mut entries = self.referrers(digest, SIGNATURE).await?.unwrap_or_default();
        entries.retain(may_be_ours);
        // What was copied from an older registry is in its list, and in no other.
        if entries.is_empty() {
            let tagged = self.tagged_referrers(digest).await?;
            entries.extend(tagged.into_iter().flat_map(|index| index.manifests));
            entries.retain(may_be_ours);
        }
        if entries.len() > MOST {
            return Err(RegistryError::TooMuch {
                host: self.place.host.clone(),
                reason: format!(
                    "of one provider {MOST} signatures are read, and it has {}",
                    entries.len()
                ),
            });
        }
        let mut found = Vec::new();
        for entry in entries {
            found.extend(self.signature(&shown, &entry).await?);
        }
        found.dedup();
        Ok(found)
    }

    /// The signature that is listed; none when it is something else after all.
    async fn signature(
        &self,
        shown: &str,
        entry: &ImageIndexEntry,
    ) -> Result<Option<String>, RegistryError> {
        let unreadable = |reason: &str| RegistryError::NotAProvider {
            reference: shown.to_owned(),
            reason: format!("its signature {reason}"),
        };
        if !super::reference::is_digest(&entry.digest) {
            return Err(unreadable("has a digest that is not of the kind sha256"));
        }
        let manifest = self.image_manifest(shown, &entry.digest).await?.parsed;
        let is_ours = |layer: &OciDescriptor| layer.media_type == SIGNATURE;
        let listed = entry.artifact_type.as_deref() == Some(SIGNATURE);
        let layer = match manifest.layers.as_slice() {
            [layer] if listed || is_ours(layer) => layer,
            _ if listed => return Err(unreadable("has not one layer")),
            _ => return Ok(None),
        };
        let bytes = self.blob(shown, layer, LIMIT).await?;
        String::from_utf8(bytes).map(Some).map_err(|_| unreadable("is no text"))
    }

    /// Attaches a signature to the manifest `digest` of `size` bytes.
    ///
    /// # Errors
    ///
    /// What the registry says.
    pub(super) async fn attach_signature(
        &self,
        digest: &str,
        size: usize,
        signature: &str,
    ) -> Result<(), RegistryError> {
        let shown = format!("{}@{digest}", self.place.place());
        if self.signatures(digest).await?.iter().any(|there| there == signature) {
            return Ok(());
        }
        let layer = ImageLayer::new(signature.as_bytes().to_vec(), SIGNATURE.to_owned(), None);
        let config = Config::new(b"{}".to_vec(), EMPTY.to_owned(), None);
        let mut manifest = OciImageManifest::build(std::slice::from_ref(&layer), &config, None);
        manifest.media_type = Some(MANIFEST.to_owned());
        manifest.artifact_type = Some(SIGNATURE.to_owned());
        manifest.subject = Some(OciDescriptor {
            media_type: MANIFEST.to_owned(),
            digest: digest.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            ..OciDescriptor::default()
        });
        for blob in [&layer.data, &config.data] {
            self.put_blob(&shown, blob).await?;
        }
        let body = written(&shown, &manifest)?;
        let own = Digest::of(&body).to_string();
        let put = self.put_manifest(&shown, &own, MANIFEST, &body).await?;
        if !put.knows_subject {
            self.list_by_tag(&shown, digest, &own, body.len()).await?;
        }
        Ok(())
    }

    /// Adds a referrer to the index under the tag that stands for `digest`.
    async fn list_by_tag(
        &self,
        shown: &str,
        digest: &str,
        referrer: &str,
        size: usize,
    ) -> Result<(), RegistryError> {
        let mut index = self.tagged_referrers(digest).await?.unwrap_or_else(|| OciImageIndex {
            schema_version: 2,
            media_type: Some(OCI_IMAGE_INDEX_MEDIA_TYPE.to_owned()),
            manifests: Vec::new(),
            artifact_type: None,
            annotations: None,
        });
        index.manifests.push(ImageIndexEntry {
            media_type: MANIFEST.to_owned(),
            digest: referrer.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            platform: None,
            artifact_type: Some(SIGNATURE.to_owned()),
            annotations: Some(BTreeMap::new()),
        });
        let body = written(shown, &index)?;
        let tag = tag_of(digest);
        self.put_manifest(shown, &tag, OCI_IMAGE_INDEX_MEDIA_TYPE, &body).await.map(drop)
    }
}

/// Whether an entry is a signature of ours. Some programs that copy leave out what a
/// thing is: then its manifest says so.
fn may_be_ours(entry: &ImageIndexEntry) -> bool {
    match entry.artifact_type.as_deref() {
        None | Some("") => entry.media_type == MANIFEST,
        Some(kind) => kind == SIGNATURE,
    }
}
