//! `renku session image`: the name of the image that `start` would use, and
//! `prune`.

mod candidate;
mod prune;

use super::app::App;
use super::args::{ImageCommand, ImageCommandArgs};
use super::error::{CommandError, Failure};
use super::parse::start_provider;
use crate::contract::{OwnImage, Pull};
use crate::domain::ImageState;
use crate::output::Format;
use crate::project::Settings;
use crate::sandbox::{Instance, Invocation, Request};

pub(super) use candidate::{Candidate, Own};

/// Runs the command.
pub(super) async fn image(app: &mut App, args: &ImageCommandArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    match &args.command {
        Some(ImageCommand::Prune(args)) => prune::prune(app, args).await,
        None => print(app, args).await,
    }
}

/// Prints the name, and with a format for programs where the image is. Nothing
/// is built, pulled or renamed, and the name alone needs no engine.
async fn print(app: &App, args: &ImageCommandArgs) -> Result<(), Failure> {
    let project = app.project()?;
    let settings = Settings::load(Some(project.root()))?;
    let package = start_provider(args.common.provider.clone())?;
    let candidate =
        Candidate::of(&args.image, Pull::Missing, false, &settings, &project, Some(&package))?;
    app.permit(&package).await?;
    let request = Request {
        image_is_users: candidate.is_users(),
        images: candidate.options(),
        ..app.project_request()?
    };
    let loaded = app.load(&package)?;
    let invocation = app.invocation(&package, request);
    let mut instance = loaded.instantiate(invocation.clone()).await?;
    let replaced = instance.pre_start_checks(candidate.name.as_deref()).await?;
    let name = replaced.or_else(|| candidate.name.clone()).ok_or(CommandError::NoImage)?;
    let state = match args.common.format {
        Format::Table | Format::Log => None,
        _ => Some(state(&mut instance, &invocation, &candidate, &name).await?),
    };
    app.printer.image(&name, state);
    Ok(())
}

async fn state(
    instance: &mut Instance,
    invocation: &Invocation,
    candidate: &Candidate,
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
