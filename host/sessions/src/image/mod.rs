//! The images of a project: which one a start would use, and which nobody uses.

mod candidate_image;
mod error;
mod load;
mod prune;

use crate::context::{Context, Means};
use crate::contract::OwnImage;
use crate::domain::ImageState;
use crate::failure::Failure;
use crate::project::Settings;
use crate::providers::ProviderFile;
use crate::sandbox::{Instance, Invocation, Request};

pub use candidate_image::ImageWish;
pub(crate) use candidate_image::{CandidateImage, Own};
pub use error::NoImageError;
pub use load::load_images;
pub use prune::{Pruned, prune};

/// The image that a start would use.
pub struct ImageOfStart {
    pub name: String,
    /// Where it is, if that was to be looked up.
    pub state: Option<ImageState>,
}

/// Which image a start with this provider would use. Nothing is built, pulled or
/// renamed, and the name alone needs no engine.
///
/// # Errors
///
/// When there is none, or the provider refuses it.
pub async fn image(
    context: &Context,
    provider: &ProviderFile,
    wish: &ImageWish,
    with_state: bool,
) -> Result<ImageOfStart, Failure> {
    let settings = Settings::load(Some(context.project()?.root()))?;
    let candidate = CandidateImage::of(context, wish, &settings, Some(provider))?;
    context.permit(provider).await?;
    let request = Request {
        image_is_users: candidate.is_users(),
        images: candidate.options(),
        config: context.configuration_of(provider, None)?,
        ..context.project_request()?
    };
    let loaded = context.load(provider)?;
    let invocation = context.invocation(provider, request, &Means::default());
    let mut instance = loaded.instantiate(invocation.clone()).await?;
    let replaced = instance.pre_start_checks(candidate.name.as_deref()).await?;
    let name = replaced.or_else(|| candidate.name.clone()).ok_or(NoImageError::NoCommit)?;
    let state = match with_state {
        true => Some(state(&mut instance, &invocation, &candidate, &name).await?),
        false => None,
    };
    Ok(ImageOfStart { name, state })
}

async fn state(
    instance: &mut Instance,
    invocation: &Invocation,
    candidate: &CandidateImage,
    name: &str,
) -> Result<ImageState, Failure> {
    if let (Some(own), Some(containers)) = (&candidate.own, &invocation.containers)
        && candidate.name.as_deref() == Some(name)
    {
        match containers.own_image(name, &own.built_from, false).await? {
            OwnImage::Here | OwnImage::Renamed | OwnImage::Unknown => return Ok(ImageState::Local),
            // `start` would build it again.
            OwnImage::Other => return Ok(ImageState::Absent),
            OwnImage::Missing => {}
        }
    }
    Ok(instance.find_image(name).await?)
}
