//! Finds an image of a container for this computer.

use super::error::RegistryError;
use super::reference::Which;
use super::registry::Registry;
use crate::domain::Digest;
use crate::image_manifest::{AnyManifest, Blob, Platform};

/// Indexes in each other.
const NESTED: usize = 3;

/// An image in a registry.
#[derive(Debug, Clone)]
pub struct RemoteImage {
    /// Of what its name leads to, the image's manifest or an index.
    pub named: Digest,
    /// What it says about itself.
    pub config: Blob,
    /// The lowest first.
    pub layers: Vec<Blob>,
}

impl Registry {
    /// The image that a tag or digest means.
    ///
    /// # Errors
    ///
    /// When it is not there, may not be had, is no image, or is for other computers.
    pub async fn image(&self, which: &Which) -> Result<RemoteImage, RegistryError> {
        let shown = self.place.with(which.clone()).to_string();
        let not_an_image =
            |reason: String| RegistryError::NotAnImage { reference: shown.clone(), reason };
        let (Which::Tag(name) | Which::Digest(name)) = which else {
            return Err(not_an_image(
                "images have tags and digests, not ranges of versions".into(),
            ));
        };
        let mut name = name.clone();
        let mut named = None;
        for _ in 0..NESTED {
            let (bytes, digest) = self.document(&shown, &name).await?;
            let digest: Digest = digest.parse().map_err(not_an_image)?;
            let named = *named.get_or_insert(digest);
            match AnyManifest::read(&bytes).map_err(not_an_image)? {
                AnyManifest::Image(image) => {
                    return Ok(RemoteImage { named, config: image.config, layers: image.layers });
                }
                AnyManifest::Index(index) => {
                    let ours = Platform::ours();
                    let chosen =
                        ours.choose(&index).ok_or_else(|| RegistryError::OtherPlatform {
                            reference: shown.clone(),
                            ours: ours.to_string(),
                            there: Platform::all(&index),
                        })?;
                    name = chosen.digest.to_string();
                }
            }
        }
        Err(not_an_image("its index refers to other indexes without end".into()))
    }
}
