//! `renku session image`: the name of the image that `start` would use, `prune`, and
//! `load`.

mod load;

use super::app::App;
use super::args::{ImageCommand, ImageCommandArgs, PruneArgs};
use super::error::Failure;
use super::parse::start_provider;
use crate::output::Format;
use crate::sessions;

/// Runs the command.
pub(super) async fn image(app: &App, args: &ImageCommandArgs) -> Result<(), Failure> {
    match &args.command {
        Some(ImageCommand::Prune(args)) => prune(app, args).await,
        Some(ImageCommand::Load(args)) => load::load(app, args).await,
        None => print(app, args).await,
    }
}

/// Prints the name, and with a format for programs where the image is.
async fn print(app: &App, args: &ImageCommandArgs) -> Result<(), Failure> {
    app.context.project()?;
    let provider = start_provider(args.common.provider.clone(), app.context.engines())?;
    let with_state = !matches!(args.common.format, Format::Table | Format::Log);
    let wish = args.image.wish();
    let image = sessions::image(&app.context, &provider, &wish, with_state).await?;
    app.printer.image(&image.name, image.state);
    Ok(())
}

/// Removes images, and prints what that freed.
async fn prune(app: &App, args: &PruneArgs) -> Result<(), Failure> {
    let pruned = sessions::prune(&app.context, args.all).await?;
    app.printer.pruned(
        &pruned.names,
        pruned.freed_bytes,
        pruned.builder_cache_bytes,
        pruned.prune_builder.as_deref(),
    );
    Ok(())
}
