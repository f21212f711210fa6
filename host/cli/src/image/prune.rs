//! `renku session image prune`: removes images that were built of this project
//! and that nobody uses.

use crate::app::App;
use crate::args::PruneArgs;
use crate::contract::{ProjectImage, Pull};
use crate::domain::changes::Change;
use crate::error::{CommandError, Failure};
use crate::image::Candidate;
use crate::project::{Project, Settings};

/// Asks, removes, and says what that freed.
pub(super) async fn prune(app: &App, args: &PruneArgs) -> Result<(), Failure> {
    let project = app.project()?;
    let containers = app.engine_of(&project);
    let keep = if args.all { None } else { current(&project) };
    let unused: Vec<ProjectImage> = containers
        .project_images(&project.image_repository())
        .await?
        .into_iter()
        .filter(|image| !image.in_use && keep.as_ref() != Some(&image.built_from))
        .collect();
    let names: Vec<String> = unused.iter().flat_map(|image| image.names.clone()).collect();
    if names.is_empty() {
        app.printer.pruned(&names, 0, None);
        return Ok(());
    }
    app.may(|| Change::Remove { images: names.clone() })?;
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let question = format!(
        "Remove these images of this project, which no session uses: {}?",
        shown.join(", ")
    );
    if !app.confirm("--yes", question).await? {
        return Err(CommandError::Declined { what: "removing images" }.into());
    }
    let freed = containers.prune_project_images(&unused).await?;
    app.printer.pruned(&names, freed, containers.builder_cache().await);
    Ok(())
}

/// What the image that `start` would use now is built from. A project that
/// cannot be built has none to keep.
fn current(project: &Project) -> Option<String> {
    let settings = Settings::load(Some(project.root())).ok()?;
    let args = crate::args::ImageArgs::default();
    let candidate = Candidate::of(&args, Pull::Missing, false, &settings, project, None).ok()?;
    candidate.own.map(|own| own.built_from)
}
