//! Publishes a provider: a version is published once and never changes.

use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::OciImageManifest;

use super::error::RegistryError;
use super::layout::{Artifact, CONFIG, LAYER, MANIFEST, TITLE};
use super::reference::{OciReference, Which};
use super::registry::Registry;
use crate::domain::Digest;

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Where.
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
    /// otherwise what the registry says.
    pub async fn push(&self, artifact: &Artifact) -> Result<Pushed, RegistryError> {
        let shown = self.place.to_string();
        let Which::Tag(tag) = &self.place.which else {
            return Err(RegistryError::NoTag { reference: shown });
        };
        let image = self.at(tag);
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

        let before = match self.client.fetch_manifest_digest(&image, &self.auth).await {
            Ok(_) => Some(self.pull_manifest_of(tag).await?),
            Err(error) => match self.failed(&shown, error) {
                RegistryError::Missing { .. } => None,
                error => return Err(error),
            },
        };
        let unchanged = match before {
            Some((there, _)) if digests(&there) != digests(&manifest) => {
                return Err(RegistryError::Published { reference: shown });
            }
            before => before.is_some(),
        };
        if !unchanged {
            self.client
                .push(&image, &[layer], config, &self.auth, Some(manifest))
                .await
                .map_err(|error| self.failed(&shown, error))?;
        }
        // What is there now, not what was sent.
        let (_, digest) = self.pull_manifest_of(tag).await?;
        if let Some(signature) = &artifact.signature {
            self.attach_signature(&digest, signature).await?;
        }
        Ok(Pushed { reference: self.place.clone(), manifest: digest, unchanged })
    }

    async fn pull_manifest_of(
        &self,
        tag: &str,
    ) -> Result<(OciImageManifest, String), RegistryError> {
        let pulled = self.client.pull_image_manifest(&self.at(tag), &self.auth).await;
        pulled.map_err(|error| self.failed(&self.place.to_string(), error))
    }
}

/// What a manifest is made of.
fn digests(manifest: &OciImageManifest) -> Vec<&str> {
    manifest.layers.iter().map(|layer| layer.digest.as_str()).collect()
}
