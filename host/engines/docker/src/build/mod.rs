//! Builds the project into an image: with BuildKit where the engine has it,
//! otherwise with the classic builder.

mod buildkit;
mod classic;
mod failure;
mod output;
mod steps;

use std::collections::BTreeMap;
use std::path::Path;

use bollard::Docker;

use super::{Containers, ContainersError, ImageError, Pull, engine_errors, labels};
use crate::domain::Phase;
use crate::files::ProjectTree;
use crate::images::{Context, IgnoreFile, Recipe, locate};
use crate::registry::ImageReference;

/// The API version from which on Docker Engine has BuildKit for everybody.
const BUILDKIT_SINCE: (u32, u32) = (1, 39);

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
        let before = self.may_build(image).await?;
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
        // What it begins from may be made from a session; this image is not.
        labels.insert(labels::NAME.to_owned(), String::new());
        let recipe = Recipe {
            dockerfile,
            image: image.to_owned(),
            labels,
            arguments: options.arguments.clone(),
            refresh: options.pull == Pull::Always,
        };

        let docker = self.engine().await?;
        let with_buildkit = has_buildkit(docker).await?;
        let logins = super::credentials::logins(&self.0.settings);
        let phase = Phase::begin(&self.0.reporter, &format!("Building {image}"));
        let mut context = Context::send(tree, ignore);
        let built = if with_buildkit {
            let engine = &self.connected().await?.address;
            buildkit::build(engine, logins, &recipe, &mut context, &phase).await
        } else {
            self.build_classic(docker, logins, &recipe, &mut context, &phase).await
        };
        // An unreadable file breaks the request: it is the better explanation.
        context.finish().await?;
        built?;
        if let Some(before) = before {
            self.remove_replaced(&before).await;
        }
        Ok(())
    }

    /// Checks whether an image of this name may be built. Gives the id of the image
    /// of this project and user that it replaces. That of another folder or user, or
    /// of a registry, only loses its name.
    ///
    /// # Errors
    ///
    /// [`ImageError::NotOurs`] when any other image has the name; `NotGranted`,
    /// `NeedsImage`, `InvalidImageName`.
    pub async fn may_build(&self, image: &str) -> Result<Option<String>, ContainersError> {
        let reference = ImageReference::parse(image)?;
        self.check_image(image)?;
        let found = match self.engine().await?.inspect_image(image).await {
            Ok(found) => found,
            Err(error) if engine_errors::status(&error) == Some(404) => return Ok(None),
            Err(error) => return Err(engine_errors::other("look for the image")(error)),
        };
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        if labels::built_from(&labels).is_none() {
            return match reference.may_be_in_registry() {
                true => Ok(None),
                false => Err(ImageError::NotOurs { image: image.to_owned() }.into()),
            };
        }
        if self.0.scope.project.is_none() {
            return Ok(None);
        }
        let owner = self.owner_of_images()?;
        Ok(found.id.filter(|_| labels.get(labels::OWNER) == Some(&owner)))
    }

    /// Removes an image that has lost its name to a new one. One that a
    /// container uses, or that has another name, stays.
    async fn remove_replaced(&self, id: &str) {
        let Ok(docker) = self.engine().await else { return };
        let Ok(image) = docker.inspect_image(id).await else { return };
        if image.repo_tags.is_some_and(|tags| !tags.is_empty()) {
            return;
        }
        let removed = docker
            .remove_image(id, None::<bollard::query_parameters::RemoveImageOptions>, None)
            .await;
        if let Err(error) = removed {
            tracing::debug!("image `{id}` stays: {}", engine_errors::message(&error));
        }
    }
}

/// Whether to build with BuildKit. `DOCKER_BUILDKIT=0` says no, as it does to
/// Docker's own client.
async fn has_buildkit(docker: &Docker) -> Result<bool, ContainersError> {
    if std::env::var_os("DOCKER_BUILDKIT").is_some_and(|value| value == "0") {
        return Ok(false);
    }
    let version = docker.version().await.map_err(engine_errors::other("describe itself"))?;
    let is_docker = version.components.iter().flatten().any(|component| component.name == "Engine");
    let is_linux = version.os.as_deref() == Some("linux");
    let api = version.api_version.as_deref().and_then(api_version);
    Ok(is_docker && is_linux && api.is_some_and(|api| api >= BUILDKIT_SINCE))
}

/// `1.41`.
fn api_version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
