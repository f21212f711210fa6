//! The images that were built of this project: found by what they were built
//! from, given another name, removed when nobody uses them.
//!
//! Labels alone do not make an image the project's: whatever is made from it
//! (`FROM`, `docker commit`) inherits them, and is its user's. Its name counts, too.
//! An engine's images are for all who use it, so one that another user built from the
//! same will do; but only one's own are listed and removed.
//!
//! API: `GET /images/json`, `POST /images/{id}/tag`, `POST /images/prune`,
//! `DELETE /images/{name}`.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use bollard::models::ImageSummary;
use bollard::query_parameters::{
    ListContainersOptions, ListImagesOptions, PruneImagesOptions, RemoveImageOptions,
    TagImageOptions,
};

use super::{Containers, ContainersError, engine_errors, labels};
use crate::images::{OwnImage, ProjectImage};
use crate::registry::ImageReference;

/// How long another prune may take; engines do one at a time.
const PRUNE_PATIENCE: Duration = Duration::from_secs(60);
const PRUNE_PAUSE: Duration = Duration::from_millis(200);

impl Containers {
    /// Looks whether `image` need not be built, because the engine has one that
    /// was built from the same (`built_from`, as [`super::built_from`] gives it).
    /// One of a registry's name need not say what it was built from: others put it
    /// there.
    ///
    /// With `rename`, one of another name is given this name; without, nothing
    /// is changed and the answer is the same.
    ///
    /// # Errors
    ///
    /// [`ImageError::InvalidImageName`](super::ImageError), no engine.
    pub async fn own_image(
        &self,
        image: &str,
        built_from: &str,
        rename: bool,
    ) -> Result<OwnImage, ContainersError> {
        let reference = ImageReference::parse(image)?;
        let docker = self.engine().await?;
        let named = match docker.inspect_image(image).await {
            Ok(found) => {
                let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
                match labels::built_from(&labels) {
                    Some(digest) if digest == built_from => return Ok(OwnImage::Here),
                    Some(_) => OwnImage::Other,
                    None if reference.may_be_in_registry() => return Ok(OwnImage::Here),
                    None => return Ok(OwnImage::Unknown),
                }
            }
            Err(error) if engine_errors::status(&error) == Some(404) => OwnImage::Missing,
            Err(error) => return Err(engine_errors::other("look for the image")(error)),
        };
        let Some(same) = self.image_of(image, built_from).await? else { return Ok(named) };
        if rename {
            let options =
                TagImageOptions { repo: Some(reference.repository), tag: Some(reference.version) };
            docker
                .tag_image(&same, Some(options))
                .await
                .map_err(engine_errors::other("name the image"))?;
        }
        Ok(OwnImage::Renamed)
    }

    /// The id of the newest image that was built from this, and could have the name
    /// `image`, too. One that has lost its name counts when there is no other: the
    /// oldest, because what is made from it has the same labels.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], no engine.
    pub async fn image_of(
        &self,
        image: &str,
        built_from: &str,
    ) -> Result<Option<String>, ContainersError> {
        let reference = ImageReference::parse(image)?;
        let found = self.summaries().await?;
        let same =
            || found.iter().filter(|image| labels::built_from(&image.labels) == Some(built_from));
        let newest = same()
            .filter(|image| named(image).any(|name| is_own(name, reference.last())))
            .max_by_key(|image| image.created);
        let nameless =
            || same().filter(|image| named(image).next().is_none()).min_by_key(|it| it.created);
        Ok(newest.or_else(nameless).map(|image| image.id.clone()))
    }

    /// The images that this user built of this project, ascending by name.
    /// `repository` is what they are called before the tag.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], no engine.
    pub async fn project_images(
        &self,
        repository: &str,
    ) -> Result<Vec<ProjectImage>, ContainersError> {
        let options = ListContainersOptions { all: true, ..ListContainersOptions::default() };
        let containers = self
            .engine()
            .await?
            .list_containers(Some(options))
            .await
            .map_err(engine_errors::other("list containers"))?;
        let used: BTreeSet<String> =
            containers.into_iter().filter_map(|container| container.image_id).collect();
        let found = self.summaries().await?;
        let shared: BTreeSet<&str> = found
            .iter()
            .filter(|image| is_of_its_user(image, repository))
            .filter_map(|image| image.labels.get(labels::BUILT_FROM).map(String::as_str))
            .collect();
        let owner = self.owner_of_images()?;
        let own = |image: &ImageSummary| {
            image.labels.get(labels::OWNER).filter(|it| **it == owner)?;
            let built_from = labels::built_from(&image.labels)?;
            let names = names(image, repository);
            (!names.is_empty()).then(|| ProjectImage {
                names,
                built_from: built_from.to_owned(),
                in_use: used.contains(&image.id),
                shared: shared.contains(built_from),
            })
        };
        let mut images: Vec<ProjectImage> = found.iter().filter_map(own).collect();
        images.sort_by(|one, other| one.names.cmp(&other.names));
        Ok(images)
    }

    /// Removes images of this project that no container was made from. Gives how
    /// many bytes are free now, as far as the engine says.
    ///
    /// An engine counts them when it prunes, where it is told labels: what shares
    /// them with an image of the user is removed by its names instead.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], no engine.
    pub async fn prune_project_images(
        &self,
        images: &[ProjectImage],
    ) -> Result<u64, ContainersError> {
        let (shared, alone): (Vec<_>, Vec<_>) = images.iter().partition(|image| image.shared);
        for name in shared.into_iter().flat_map(|image| &image.names) {
            self.remove_name(name).await?;
        }
        let mut freed = 0;
        let digests: BTreeSet<&str> = alone.into_iter().map(|it| it.built_from.as_str()).collect();
        for digest in digests {
            freed += self.prune_built_from(digest).await?;
        }
        Ok(freed)
    }

    /// Takes a name from an image, which goes with its last one. What a container
    /// uses by now, or another image stands on, stays.
    async fn remove_name(&self, name: &str) -> Result<(), ContainersError> {
        let options = None::<RemoveImageOptions>;
        match self.engine().await?.remove_image(name, options, None).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(engine_errors::status(&error), Some(404 | 409)) => {
                tracing::debug!("image `{name}` stays: {}", engine_errors::message(&error));
                Ok(())
            }
            Err(error) => Err(engine_errors::other("remove images")(error)),
        }
    }

    async fn prune_built_from(&self, digest: &str) -> Result<u64, ContainersError> {
        let mut filters = self.project_filter()?;
        let wanted = [(labels::BUILT_FROM, digest), (labels::OWNER, &self.owner_of_images()?)]
            .map(|(label, value)| format!("{label}={value}"));
        filters.entry("label".to_owned()).or_default().extend(wanted);
        // Without this an engine looks at images without a name only.
        filters.insert("dangling".to_owned(), vec!["false".to_owned()]);
        let begin = Instant::now();
        loop {
            let options = PruneImagesOptions { filters: Some(filters.clone()) };
            match self.engine().await?.prune_images(Some(options)).await {
                Ok(answer) => {
                    let freed = answer.space_reclaimed.unwrap_or_default();
                    return Ok(u64::try_from(freed).unwrap_or_default());
                }
                // Somebody else prunes.
                Err(error)
                    if engine_errors::status(&error) == Some(409)
                        && begin.elapsed() < PRUNE_PATIENCE =>
                {
                    tokio::time::sleep(PRUNE_PAUSE).await;
                }
                Err(error) => return Err(engine_errors::other("remove images")(error)),
            }
        }
    }

    /// Every image with the label of this project, its user's among them.
    async fn summaries(&self) -> Result<Vec<ImageSummary>, ContainersError> {
        let filters = Some(self.project_filter()?);
        let options = ListImagesOptions { filters, ..ListImagesOptions::default() };
        let images = self.engine().await?.list_images(Some(options)).await;
        images.map_err(engine_errors::other("list images"))
    }

    /// The label of what this user builds of this project.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], `Key`.
    pub(super) fn owner_of_images(&self) -> Result<String, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        Ok(labels::owner_of_images(&self.owner()?, &project.id))
    }

    fn project_filter(&self) -> Result<HashMap<String, Vec<String>>, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        let wanted = vec![format!("{}={}", labels::PROJECT, project.id)];
        Ok(HashMap::from([("label".to_owned(), wanted)]))
    }
}

/// Whether somebody wants to keep this image: it was made from a session, or has a
/// name that the host does not give.
fn is_of_its_user(image: &ImageSummary, repository: &str) -> bool {
    labels::built_from(&image.labels).is_none()
        || named(image).any(|name| !is_own(name, repository))
}

/// The names that the host gave; the short id of an image that has none at all.
fn names(image: &ImageSummary, repository: &str) -> Vec<String> {
    if named(image).next().is_none() {
        let id = image.id.strip_prefix("sha256:").unwrap_or(&image.id);
        return vec![id.get(..12).unwrap_or(id).to_owned()];
    }
    let mut names: Vec<String> =
        named(image).filter(|name| is_own(name, repository)).map(str::to_owned).collect();
    names.sort();
    names
}

fn named(image: &ImageSummary) -> impl Iterator<Item = &str> {
    image.repo_tags.iter().map(String::as_str).filter(|name| !name.contains("<none>"))
}

/// Whether the host gives images such a name: `analysis:0123456`, for a changed tree
/// `analysis:0123456-89abcde`, perhaps with a registry before it.
fn is_own(name: &str, repository: &str) -> bool {
    let digits = |text: &str| text.len() == 7 && text.bytes().all(|it| it.is_ascii_hexdigit());
    ImageReference::parse(name).is_ok_and(|name| {
        let (commit, tree) = match name.version.split_once('-') {
            Some((commit, tree)) => (commit, Some(tree)),
            None => (name.version.as_str(), None),
        };
        name.last() == repository && digits(commit) && tree.is_none_or(digits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_its_user_gave_is_told_from_one_of_ours() {
        for name in [
            "analysis:0123456",
            "analysis:0123456-89abcde",
            "localhost/analysis:0123456",
            "registry.example.org:5000/group/analysis:0123456",
        ] {
            assert!(is_own(name, "analysis"), "{name}");
        }
        for name in [
            "analysis:latest",
            "analysis:0123456-dirty",
            "analysis:0123456-89abcde-1",
            "analysis:01234567",
            "mine:0123456",
            "my-analysis:0123456",
        ] {
            assert!(!is_own(name, "analysis"), "{name}");
        }
    }
}
