//! `renku session start`.

use super::app::App;
use super::args::{MountArg, StartArgs};
use super::error::Failure;
use super::{dry_run, forward};
use crate::output::browser;
use crate::sessions::{
    self, ImageWish, Mount, SelectError, Start, StartOptions, StartPlan, StartProvider, Started,
    Wait,
};

/// Starts a session and prints it.
pub(super) async fn start(
    app: &App,
    args: StartArgs,
    provider: StartProvider,
) -> Result<(), Failure> {
    let open = args.open;
    let plan = StartPlan::of(&app.context, options(args, provider))?;
    match sessions::start(&app.context, plan).await? {
        Start::WouldChange(would) => {
            dry_run::print(app, &would);
            Ok(())
        }
        Start::Started(started) => print(app, *started, open).await,
    }
}

fn options(args: StartArgs, provider: StartProvider) -> StartOptions {
    StartOptions {
        provider,
        image: ImageWish {
            pull: args.pull.into(),
            force_build: args.force_build,
            ..args.image.wish()
        },
        name: args.name,
        cpu: args.cpu,
        memory: args.memory,
        disk: args.disk,
        gpu: args.gpu,
        best_effort: args.best_effort,
        mount: match args.mount {
            MountArg::Project => Mount::Project,
            MountArg::Volume => Mount::Volume,
            MountArg::None => Mount::None,
        },
        config: args.config,
        wait: match (args.no_wait, args.wait_timeout) {
            (true, _) => Wait::Not,
            (false, Some(time)) => Wait::For(time),
            (false, None) => Wait::Usual,
        },
        push: args.push,
        keep_failed: args.keep_failed,
    }
}

async fn print(app: &App, started: Started, open: bool) -> Result<(), Failure> {
    let Started { session, location, option } = started;
    app.printer.session(&session, &option);
    if let Some(unusable) = SelectError::unusable_name(&session) {
        app.printer.warning(&unusable);
        return Ok(());
    }
    let Some(url) = &session.url else { return Ok(()) };
    if open && location.is_tunnelled() {
        return forward::forward(app, &location, url, true).await;
    }
    let command = format!("renku session open{option} {}", session.name);
    if let Some(advice) = location.advice(url, &command) {
        app.printer.message(&advice);
    } else if open {
        browser::open(&app.printer, url);
    }
    Ok(())
}
