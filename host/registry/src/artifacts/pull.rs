//! Gets a provider, and believes nothing but its digest.

use oci_client::manifest::{OciDescriptor, OciImageManifest};

use super::error::RegistryError;
use super::layout::{CONFIG, LAYER};
use super::manifest::Manifest;
use super::reference::{OciReference, Which};
use super::registry::Registry;

/// How many versions are looked through for a file.
const LOOKED_THROUGH: usize = 50;

/// What a registry gave.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// The component; its digest is the one that the manifest names.
    pub bytes: Vec<u8>,
    /// Where it was found: the tag that a range led to, or the digest.
    pub reference: OciReference,
    /// The digest of the manifest, `sha256:…`.
    pub manifest: String,
    /// The signatures that are attached to it: minisign's text, each.
    pub signatures: Vec<String>,
}

impl Registry {
    /// Gets the provider that `which` means, at most `limit` bytes, with its
    /// signatures.
    ///
    /// # Errors
    ///
    /// When it is missing, access is denied, it is not a provider or too large, or the
    /// bytes are not the ones that were named.
    pub async fn pull(&self, which: &Which, limit: usize) -> Result<Pulled, RegistryError> {
        let which = self.resolve(which).await?;
        let mut reference = self.place.with(which.clone());
        let mut shown = reference.to_string();
        let name = match &which {
            Which::Digest(name) | Which::Tag(name) => name.as_str(),
            // `resolve` leaves none of these.
            Which::Newest | Which::Range(_) | Which::Version(_) => "latest",
        };
        let fetched = self.image_manifest(&shown, name).await;
        let manifest = match (fetched, &which) {
            (Err(error @ RegistryError::Missing { .. }), Which::Tag(tag)) => {
                return Err(self.no_such_tag(tag, error).await);
            }
            // Asked for a manifest by the digest of something else, some registries say
            // that they are broken.
            (
                Err(error @ (RegistryError::Missing { .. } | RegistryError::Unavailable { .. })),
                Which::Digest(digest),
            ) => {
                let found = self.with_file(digest).await?.ok_or(error)?;
                reference = self.place.with(Which::Digest(found.digest.clone()));
                shown = reference.to_string();
                found
            }
            (other, _) => other?,
        };
        let layer = the_layer(&shown, &manifest.parsed)?;
        let bytes = self.blob(&shown, layer, limit).await?;
        let signatures = self.signatures(&manifest.digest).await?;
        Ok(Pulled { bytes, reference, manifest: manifest.digest, signatures })
    }

    /// The manifest of the file with this digest, among the newest versions: somebody may
    /// name the digest of a file instead of that of its manifest.
    async fn with_file(
        &self,
        digest: &str,
    ) -> Result<Option<Manifest<OciImageManifest>>, RegistryError> {
        let tags = self.tags().await?;
        for tag in tags.versions.values().rev().take(LOOKED_THROUGH) {
            let shown = self.place.with(Which::Tag(tag.clone())).to_string();
            let manifest = match self.image_manifest(&shown, tag).await {
                // Something else that was given a version.
                Err(RegistryError::NotAProvider { .. }) => continue,
                other => other?,
            };
            if manifest.parsed.layers.iter().any(|layer| layer.digest == digest) {
                return Ok(Some(manifest));
            }
        }
        Ok(None)
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
