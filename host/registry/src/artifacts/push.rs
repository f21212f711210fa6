//! Publishes a provider: a version is published once and never changes.

use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::OciImageManifest;

use super::error::RegistryError;
use super::layout::{Artifact, CONFIG, LAYER, MANIFEST, TITLE, written};
use super::reference::{OciReference, Which};
use super::registry::Registry;
use super::tags::tag_of;
use crate::domain::Digest;

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    pub reference: OciReference,
    /// The digest of the manifest, `sha256:…`; it pins the version.
    pub manifest: String,
    /// Whether exactly this was there already.
    pub unchanged: bool,
}

impl Registry {
    /// Publishes `artifact` under the tag of this registry's place, and attaches
    /// its signature.
    ///
    /// # Errors
    ///
    /// [`RegistryError::Published`] when the tag names something else;
    /// otherwise what the registry says. The tag is what is put last: what could not
    /// be signed is not published.
    pub async fn push(&self, artifact: &Artifact) -> Result<Pushed, RegistryError> {
        let shown = self.place.to_string();
        let tag = match &self.place.which {
            Which::Tag(tag) => tag.clone(),
            Which::Version(version) => tag_of(version),
            Which::Newest | Which::Range(_) | Which::Digest(_) => {
                return Err(RegistryError::NoTag { reference: shown });
            }
        };
        let layer = ImageLayer::new(artifact.bytes.clone(), LAYER.to_owned(), None);
        let digest = Digest::of(&artifact.bytes).to_string();
        let config = Config::new(artifact.config(&digest), CONFIG.to_owned(), None);
        let mut manifest = OciImageManifest::build(
            std::slice::from_ref(&layer),
            &config,
            Some(artifact.manifest_annotations()),
        );
        manifest.media_type = Some(MANIFEST.to_owned());
        for layer in &mut manifest.layers {
            let title = (TITLE.to_owned(), format!("{}.wasm", artifact.name));
            layer.annotations = Some([title].into());
        }

        let there = match self.image_manifest(&shown, &tag).await {
            Ok(there) => Some(there),
            Err(RegistryError::Missing { .. }) => None,
            Err(error) => return Err(error),
        };
        let unchanged = there.is_some();
        let (digest, size, body) = match there {
            Some(there) if digests(&there.parsed) != digests(&manifest) => {
                return Err(RegistryError::Published { reference: shown });
            }
            Some(there) => (there.digest, there.bytes, None),
            None => {
                self.put_blob(&shown, &layer.data).await?;
                self.put_blob(&shown, &config.data).await?;
                let body = written(&shown, &manifest)?;
                let digest = Digest::of(&body).to_string();
                self.put_manifest(&shown, &digest, MANIFEST, &body).await?;
                (digest, body.len(), Some(body))
            }
        };
        if let Some(signature) = &artifact.signature {
            self.attach_signature(&digest, size, signature).await?;
        }
        if let Some(body) = body {
            self.put_manifest(&shown, &tag, MANIFEST, &body).await?;
        }
        Ok(Pushed { reference: self.place.clone(), manifest: digest, unchanged })
    }
}

/// What a manifest is made of.
fn digests(manifest: &OciImageManifest) -> Vec<&str> {
    manifest.layers.iter().map(|layer| layer.digest.as_str()).collect()
}
