//! Which image a session is started from: named by the user, or built from the
//! project.

use crate::cli::app::App;
use crate::cli::args::StartArgs;
use crate::cli::error::{CommandError, Failure};
use crate::domain::ImageState;
use crate::project::{Project, Settings};
use crate::sandbox::{Instance, Invocation};

/// The image to start from, before the provider was asked about it.
pub(super) struct Candidate {
    /// Its name.
    name: Option<String>,
    /// Whether the user named it; then it is never built.
    pub(super) is_users: bool,
    /// What to build when the image is the project's own.
    descriptor: Option<String>,
}

impl Candidate {
    /// `--image`, else the pinned image, else the project's own.
    pub(super) fn of(
        args: &StartArgs,
        settings: &Settings,
        project: &Project,
    ) -> Result<Self, Failure> {
        let named =
            args.image.clone().or_else(|| settings.get("image").map(|setting| setting.value));
        if named.is_some() {
            return Ok(Self { name: named, is_users: true, descriptor: None });
        }
        let here = std::env::current_dir().map_err(CommandError::Runtime)?;
        let descriptor = project.descriptor(args.file.as_deref(), &here)?;
        Ok(Self { name: project.candidate_image()?, is_users: false, descriptor: Some(descriptor) })
    }

    /// The image, after it is where the provider needs it: pulled, or built.
    pub(super) async fn resolve(
        &self,
        app: &App,
        instance: &mut Instance,
        invocation: &Invocation,
    ) -> Result<String, Failure> {
        let replaced = instance.pre_start_checks(self.name.as_deref()).await?;
        let Some(image) = replaced.or_else(|| self.name.clone()) else {
            return Err(CommandError::ImageAbsent { image: String::new() }.into());
        };
        match instance.find_image(&image).await? {
            ImageState::Local => {}
            ImageState::Remote => pull(invocation, &image).await?,
            ImageState::Inaccessible => {
                return Err(CommandError::ImageInaccessible { image }.into());
            }
            ImageState::Absent => match &self.descriptor {
                Some(descriptor) if self.name.as_deref() == Some(&image) => {
                    build(app, instance, descriptor, &image).await?;
                }
                // Named by the user, or by the provider: never ours to build.
                _ => return Err(CommandError::ImageAbsent { image }.into()),
            },
        }
        Ok(image)
    }
}

/// Pulls for providers that run containers here; elsewhere it is not our image.
async fn pull(invocation: &Invocation, image: &str) -> Result<(), Failure> {
    let Some(containers) = &invocation.containers else { return Ok(()) };
    tokio::select! {
        biased;
        () = invocation.cancel.cancelled() => Err(CommandError::Interrupted.into()),
        pulled = containers.pull(image) => Ok(pulled?),
    }
}

async fn build(
    app: &App,
    instance: &mut Instance,
    descriptor: &str,
    image: &str,
) -> Result<(), Failure> {
    let question = format!("The image `{image}` does not exist yet. Build it from `{descriptor}`?");
    if !app.confirm("--yes", question).await? {
        return Err(CommandError::Declined { what: "building the image" }.into());
    }
    Ok(instance.build_image(descriptor, image).await?)
}
