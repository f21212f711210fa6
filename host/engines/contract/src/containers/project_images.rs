//! The images that were built of this project: found by what they were built
//! from, given another name, removed when nobody uses them.
//!
//! Labels alone do not make an image the project's: whatever is made from it
//! (`FROM`, `docker commit`) inherits them, and is its user's. Its name counts, too.
//! An engine's images are for all who use it, so one that another user built from the
//! same will do; but only one's own are listed and removed.

use std::collections::BTreeSet;

use crate::driver::{Filter, ListedImage};
use crate::images::{OwnImage, ProjectImage};
use crate::policy::labels;
use crate::registry::ImageReference;
use crate::{Containers, ContainersError};

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
        let named = match self.0.driver.image(image).await? {
            Some(found) => match labels::built_from(&found.config.labels) {
                Some(digest) if digest == built_from => {
                    return Ok(match self.is_outdated(&found.config.labels).await? {
                        true => OwnImage::Other,
                        false => OwnImage::Here,
                    });
                }
                Some(_) => OwnImage::Other,
                None if reference.may_be_in_registry() => return Ok(OwnImage::Here),
                None => return Ok(OwnImage::Unknown),
            },
            None => OwnImage::Missing,
        };
        let Some(same) = self.image_of(image, built_from).await? else { return Ok(named) };
        let labels = self.0.driver.image(&same).await?.map(|image| image.config.labels);
        if self.is_outdated(&labels.unwrap_or_default()).await? {
            return Ok(OwnImage::Other);
        }
        if rename {
            self.0.driver.tag(&same, &reference).await?;
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
        let found = self.0.driver.images(&self.of_project()?).await?;
        let same =
            || found.iter().filter(|image| labels::built_from(&image.labels) == Some(built_from));
        let newest = same()
            .filter(|image| image.names.iter().any(|name| is_own(name, reference.last())))
            .max_by_key(|image| image.created);
        let nameless = || same().filter(|image| image.names.is_empty()).min_by_key(|it| it.created);
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
        self.check_answers().await?;
        let containers = self.0.driver.list(&Filter::none()).await?;
        let used: BTreeSet<String> = containers.into_iter().filter_map(|it| it.image_id).collect();
        let found = self.0.driver.images(&self.of_project()?).await?;
        let shared: BTreeSet<&str> = found
            .iter()
            .filter(|image| is_of_its_user(image, repository))
            .filter_map(|image| image.labels.get(labels::BUILT_FROM).map(String::as_str))
            .collect();
        let owner = self.owner_of_images()?;
        let own = |image: &ListedImage| {
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
    /// An engine counts them when it prunes by labels: what shares
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
            self.0.driver.remove_image(name, false).await?;
        }
        // Whatever was made for its users is made again when it is needed.
        self.0.driver.prune_persons(&self.owner()?).await?;
        let mut freed = 0;
        let digests: BTreeSet<&str> = alone.into_iter().map(|it| it.built_from.as_str()).collect();
        for digest in digests {
            let own = self.of_project()?.with(labels::BUILT_FROM, digest);
            let own = own.with(labels::OWNER, self.owner_of_images()?);
            freed += self.0.driver.prune_images(&own).await?;
        }
        Ok(freed)
    }

    /// The label of what this user builds of this project.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], `Key`.
    pub(crate) fn owner_of_images(&self) -> Result<String, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        Ok(labels::owner_of_images(&self.owner()?, &project.id))
    }

    /// Everything with the label of this project, its user's among them.
    fn of_project(&self) -> Result<Filter, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        Ok(Filter::none().with(labels::PROJECT, &project.id))
    }
}

/// Whether somebody wants to keep this image: it was made from a session, or has a
/// name that the host does not give.
fn is_of_its_user(image: &ListedImage, repository: &str) -> bool {
    labels::built_from(&image.labels).is_none()
        || image.names.iter().any(|name| !is_own(name, repository))
}

/// The names that the host gave; the short id of an image that has none at all.
fn names(image: &ListedImage, repository: &str) -> Vec<String> {
    if image.names.is_empty() {
        let id = image.id.strip_prefix("sha256:").unwrap_or(&image.id);
        return vec![id.get(..12).unwrap_or(id).to_owned()];
    }
    let own = image.names.iter().filter(|name| is_own(name, repository));
    let mut names: Vec<String> = own.cloned().collect();
    names.sort();
    names
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
