//! The images that were built of this project: found by what they were built
//! from, given another name, removed when nobody uses them.
//!
//! API: `GET /images/json`, `POST /images/{id}/tag`, `POST /images/prune`.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use bollard::models::ImageSummary;
use bollard::query_parameters::{
    ListContainersOptions, ListImagesOptions, PruneImagesOptions, TagImageOptions,
};

use super::reference::ImageReference;
use super::{Containers, ContainersError, engine_errors, labels};

/// How long another prune may take; engines do one at a time.
const PRUNE_PATIENCE: Duration = Duration::from_secs(60);
const PRUNE_PAUSE: Duration = Duration::from_millis(200);

/// How the engine's images relate to what a project's image would be built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnImage {
    /// It is there under its name, and is made of that.
    Here,
    /// It was there under another name, and has this one now.
    Renamed,
    /// An image of this name is there, but made of something else.
    Other,
    /// There is none.
    Missing,
}

/// An image of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectImage {
    /// Its names, ascending; its short id when it has none.
    pub names: Vec<String>,
    /// The digest of what it was built from.
    pub built_from: Option<String>,
    /// Whether a container, running or not, was made from it.
    pub in_use: bool,
}

impl Containers {
    /// Looks whether `image` need not be built, because the engine has one that
    /// was built from the same (`built_from`, as [`super::built_from`] gives it).
    /// An image that does not say what it was built from is trusted by its name.
    ///
    /// With `rename`, one of another name is given this name; without, nothing
    /// is changed and the answer is the same.
    ///
    /// # Errors
    ///
    /// [`ImageError::InvalidImageName`], no engine.
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
                match labels.get(labels::BUILT_FROM) {
                    Some(digest) if digest != built_from => OwnImage::Other,
                    _ => return Ok(OwnImage::Here),
                }
            }
            Err(error) if engine_errors::status(&error) == Some(404) => OwnImage::Missing,
            Err(error) => return Err(engine_errors::other("look for the image")(error)),
        };
        let Some(same) = self.image_of(built_from).await? else { return Ok(named) };
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

    /// The id of the newest image that was built from this.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], no engine.
    pub async fn image_of(&self, built_from: &str) -> Result<Option<String>, ContainersError> {
        let same = self.summaries(Some(built_from)).await?;
        Ok(same.into_iter().max_by_key(|image| image.created).map(|image| image.id))
    }

    /// The images that were built of this project, ascending by name.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], no engine.
    pub async fn project_images(&self) -> Result<Vec<ProjectImage>, ContainersError> {
        let options = ListContainersOptions { all: true, ..ListContainersOptions::default() };
        let containers = self
            .engine()
            .await?
            .list_containers(Some(options))
            .await
            .map_err(engine_errors::other("list containers"))?;
        let used: BTreeSet<String> =
            containers.into_iter().filter_map(|container| container.image_id).collect();
        let mut images: Vec<ProjectImage> = self
            .summaries(None)
            .await?
            .into_iter()
            .map(|image| ProjectImage {
                in_use: used.contains(&image.id),
                built_from: image.labels.get(labels::BUILT_FROM).cloned(),
                names: names(&image),
            })
            .collect();
        images.sort_by(|one, other| one.names.cmp(&other.names));
        Ok(images)
    }

    /// Removes the images of this project that no container was made from, but
    /// for those built from `keep`. Gives how many bytes are free now.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NoProject`], no engine.
    pub async fn prune_project_images(&self, keep: Option<&str>) -> Result<u64, ContainersError> {
        let mut filters = self.project_filter(None)?;
        // Without this an engine looks at images without a name only.
        filters.insert("dangling".to_owned(), vec!["false".to_owned()]);
        if let Some(keep) = keep {
            let kept = format!("{}={keep}", labels::BUILT_FROM);
            filters.insert("label!".to_owned(), vec![kept]);
        }
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

    async fn summaries(
        &self,
        built_from: Option<&str>,
    ) -> Result<Vec<ImageSummary>, ContainersError> {
        let filters = Some(self.project_filter(built_from)?);
        let options = ListImagesOptions { filters, ..ListImagesOptions::default() };
        let images = self.engine().await?.list_images(Some(options)).await;
        images.map_err(engine_errors::other("list images"))
    }

    fn project_filter(
        &self,
        built_from: Option<&str>,
    ) -> Result<HashMap<String, Vec<String>>, ContainersError> {
        let project = self.0.scope.project.as_ref().ok_or(ContainersError::NoProject)?;
        let mut wanted = vec![format!("{}={}", labels::PROJECT, project.id)];
        wanted.extend(built_from.map(|digest| format!("{}={digest}", labels::BUILT_FROM)));
        Ok(HashMap::from([("label".to_owned(), wanted)]))
    }
}

fn names(image: &ImageSummary) -> Vec<String> {
    let mut names: Vec<String> =
        image.repo_tags.iter().filter(|name| !name.contains("<none>")).cloned().collect();
    names.sort();
    if names.is_empty() {
        let id = image.id.strip_prefix("sha256:").unwrap_or(&image.id);
        names.push(id.get(..12).unwrap_or(id).to_owned());
    }
    names
}
