//! Removes images that were built of this project and that nobody uses.

use super::candidate_image::{CandidateImage, ImageWish};
use crate::context::Context;
use crate::contract::ProjectImage;
use crate::domain::EngineCommand;
use crate::domain::changes::Change;
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::project::Settings;

/// What is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The names of the images.
    pub names: Vec<String>,
    pub freed_bytes: u64,
    /// How many the builder keeps for itself, where it says.
    pub builder_cache_bytes: Option<u64>,
    /// The command that frees those, where the engine has one.
    pub prune_builder: Option<String>,
}

/// Asks, and removes; with `all` also the image that a start would use now.
///
/// # Errors
///
/// When the user declined, or the engine does not answer.
pub async fn prune(context: &Context, all: bool) -> Result<Pruned, Failure> {
    let project = context.project()?;
    let containers = context.engine_of(&project);
    let keep = if all { None } else { current(context) };
    let unused: Vec<ProjectImage> = containers
        .project_images(&project.image_repository())
        .await?
        .into_iter()
        .filter(|image| !image.in_use && keep.as_ref() != Some(&image.built_from))
        .collect();
    let names: Vec<String> = unused.iter().flat_map(|image| image.names.clone()).collect();
    if names.is_empty() {
        if !context.changes_nothing() {
            containers.prune_project_images(&[]).await?;
        }
        context.offer_to_remove_left_copies(false).await?;
        return Ok(Pruned::default());
    }
    context.may(|| Change::Remove { images: names.clone() })?;
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let question = format!(
        "Remove these images of this project, which no session uses: {}?",
        shown.join(", ")
    );
    if !context.confirm("--yes", question).await? {
        return Err(SessionsError::Declined { what: "removing images" }.into());
    }
    let freed_bytes = containers.prune_project_images(&unused).await?;
    // They are no images, but left in the engine like them.
    context.offer_to_remove_left_copies(false).await?;
    let builder_cache_bytes = containers.builder_cache().await;
    let prune_builder = containers.commands().await.line(EngineCommand::PruneBuilder);
    Ok(Pruned { names, freed_bytes, builder_cache_bytes, prune_builder })
}

/// What the image that a start would use now is built from. A project that cannot be
/// built has none to keep.
fn current(context: &Context) -> Option<String> {
    let settings = Settings::load(Some(context.project().ok()?.root())).ok()?;
    let candidate = CandidateImage::of(context, &ImageWish::default(), &settings, None).ok()?;
    candidate.own.map(|own| own.built_from)
}
