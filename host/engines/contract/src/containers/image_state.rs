//! Where an image is, and what a local one says about itself.

use crate::domain::{EngineCommands, ImageState, Phase};
use crate::driver::{LocalImage, NamedImage};
use crate::registry::ImageReference;
use crate::{Containers, ContainersError, ImageConfig, ImageError, Pull};

impl Containers {
    /// Where `image` is: asks the engine, then the registry. No registry is
    /// asked about an image that is only ever built here, nor with
    /// [`Pull::Never`]: such an image is absent when the engine does not have it.
    ///
    /// # Errors
    ///
    /// [`ImageError::InvalidImageName`]; no engine; and when the registry
    /// does not say: `PullUnreachable`, `RegistryBroken`.
    pub async fn image_state(&self, image: &str) -> Result<ImageState, ContainersError> {
        let reference = ImageReference::parse(image)?;
        if self.0.driver.image(image).await?.is_some() {
            return Ok(ImageState::Local);
        }
        let options = &self.0.images;
        if options.pull == Pull::Never || options.only_here.as_deref() == Some(image) {
            return Ok(ImageState::Absent);
        }
        let _phase =
            Phase::begin(&self.0.reporter, &format!("Looking for {image} in its registry"));
        self.0.driver.look_up(NamedImage { name: image, reference: &reference }).await
    }

    /// What a local image says about itself.
    ///
    /// # Errors
    ///
    /// [`ImageError::ImageMissing`], `InvalidImageName`.
    pub async fn image_config(&self, image: &str) -> Result<ImageConfig, ContainersError> {
        Ok(self.local_image(image).await?.config)
    }

    /// An image that has to be there.
    pub(crate) async fn local_image(&self, image: &str) -> Result<LocalImage, ContainersError> {
        ImageReference::parse(image)?;
        match self.0.driver.image(image).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(ImageError::ImageMissing {
                image: image.to_owned(),
                client: EngineCommands::default(),
            }
            .into()),
            Err(error) => Err(error.during("inspect the image")),
        }
    }

    /// Pulls `image` with the user's logins.
    ///
    /// # Errors
    ///
    /// [`ImageError::PullNotFound`], `PullDenied`, `PullUnreachable`,
    /// `PullFailed`, `InvalidImageName`, `NotGranted`, `NeedsImage`.
    pub async fn pull(&self, image: &str) -> Result<(), ContainersError> {
        let reference = ImageReference::parse(image)?;
        self.check_image(image)?;
        let phase = Phase::begin(&self.0.reporter, &format!("Pulling {image}"));
        self.0.driver.pull(NamedImage { name: image, reference: &reference }, &phase).await
    }
}
