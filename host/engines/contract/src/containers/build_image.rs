//! Builds the project into an image.

use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::{EngineCommands, Phase};
use crate::driver::{Building, LocalImage};
use crate::files::ProjectTree;
use crate::images::{Context, IgnoreFile, Recipe, locate, needs_buildkit};
use crate::policy::labels;
use crate::registry::ImageReference;
use crate::{Containers, ContainersError, ImageError, Pull};

impl Containers {
    /// Builds `image` from the directory `root`, honouring `.dockerignore`.
    /// `descriptor` is the Dockerfile's path relative to `root`; `image_labels`
    /// are put on the image, beside the project's own.
    ///
    /// Nothing is left of a build that fails; the image of this project that had
    /// the name before goes, unless a container uses it.
    ///
    /// # Errors
    ///
    /// [`ImageError::NotOurs`], `DockerfileMissing`, `DockerfileOutside`,
    /// `IgnorePattern`, `File`; `BuildStep` with the last lines of
    /// the failing step, `BaseImage`, `DiskFull`, `BuildFailed`; `NotGranted`, `NeedsImage`.
    pub async fn build(
        &self,
        root: &Path,
        descriptor: &str,
        image: &str,
        image_labels: &BTreeMap<String, String>,
    ) -> Result<(), ContainersError> {
        let before = self.replaced(image).await?;
        let named_before = self.0.driver.image(image).await?.map(|image| image.id);
        let tree = ProjectTree::open(root).map_err(ImageError::from)?;
        let dockerfile = locate(&tree, descriptor)?;
        let ignore = IgnoreFile::read(&tree, &dockerfile)?;
        let options = &self.0.images;

        let mut labels = image_labels.clone();
        if let Some(project) = &self.0.scope.project {
            let owner = self.0.scope.key.make()?.owner();
            labels.insert(labels::OWNER.to_owned(), labels::owner_of_images(&owner, &project.id));
            labels.insert(labels::PROJECT.to_owned(), project.id.clone());
        }
        if let Some(digest) = &options.built_from {
            labels.insert(labels::BUILT_FROM.to_owned(), digest.clone());
        }
        labels.extend(self.base_labels().await?);
        // What it begins from may be made from a session; this image is not.
        labels.insert(labels::NAME.to_owned(), String::new());
        // What only BuildKit builds is built, with what the builder needs in it.
        let hides_descriptor = ignore.lists_needed()
            && options.secrets.is_empty()
            && !needs_buildkit(&tree, &dockerfile)?;
        let recipe = Recipe {
            dockerfile,
            image: image.to_owned(),
            labels,
            arguments: options.arguments.clone(),
            target: options.target.clone(),
            secrets: options.secrets.clone(),
            hides_descriptor,
            refresh: options.pull == Pull::Always,
        };

        let phase = Phase::begin(&self.0.reporter, &format!("Building {image}"));
        let building = Building { phase: &phase, ledger: &self.0.ledger };
        let mut context = Context::send(tree, ignore);
        let built = self.0.driver.build(&recipe, &mut context, building).await;
        match built {
            Ok(()) => self.0.ledger.set_step_images(&[]),
            Err(_) => self.remove_step_images().await,
        }
        // An unreadable file breaks the request: it is the better explanation.
        context.finish().await?;
        if let Err(error) = built {
            // An answer that was lost when all was done.
            let now = self.0.driver.image(image).await;
            let is_built = now.is_ok_and(|now| {
                now.is_some_and(|now| {
                    named_before.as_ref() != Some(&now.id) && now.has_labels(&recipe.labels)
                })
            });
            if !is_built {
                return Err(error);
            }
            tracing::info!("the image exists, although the engine reported: {error}");
        }
        if let Some(before) = before {
            self.remove_replaced(&before).await;
        }
        Ok(())
    }

    /// Checks whether an image of this name may be built.
    ///
    /// # Errors
    ///
    /// [`ImageError::NotOurs`] when any other image has the name; `NotGranted`,
    /// `NeedsImage`, `InvalidImageName`.
    pub async fn may_build(&self, image: &str) -> Result<(), ContainersError> {
        self.replaced(image).await.map(drop)
    }

    /// The id of the image of this project and user that a new one of this name
    /// replaces. That of another folder or user, or of a registry, only loses its
    /// name.
    async fn replaced(&self, image: &str) -> Result<Option<String>, ContainersError> {
        let reference = ImageReference::parse(image)?;
        self.check_image(image)?;
        let Some(LocalImage { id, config, .. }) = self.0.driver.image(image).await? else {
            return Ok(None);
        };
        if labels::built_from(&config.labels).is_none() {
            return match reference.may_be_in_registry() {
                true => Ok(None),
                false => Err(ImageError::NotOurs {
                    image: image.to_owned(),
                    client: EngineCommands::default(),
                }
                .into()),
            };
        }
        if self.0.scope.project.is_none() {
            return Ok(None);
        }
        let owner = self.owner_of_images()?;
        Ok((config.labels.get(labels::OWNER) == Some(&owner)).then_some(id))
    }

    /// Removes an image that has lost its name to a new one. One that a
    /// container uses, or that has another name, stays.
    async fn remove_replaced(&self, id: &str) {
        match self.0.driver.image(id).await {
            Ok(Some(image)) if image.names.is_empty() => {}
            _ => return,
        }
        if let Err(error) = self.0.driver.remove_image(id, false).await {
            tracing::debug!("image `{id}` was not removed: {error}");
        }
    }
}
