//! `renku session start`, step by step as in `docs/architecture.md`.

mod cleanup;
mod dry_run;
mod image;
mod origins;
mod others;
mod request;

use super::app::App;
use super::args::{MountArg, StartArgs};
use super::engine_options;
use super::error::{CommandError, Failure};
use super::image::Candidate;
use super::remote;
use super::start_provider::StartProvider;
use crate::contract::HostEngine;
use crate::domain::Session;
use crate::output::browser;
use crate::sandbox::{Instance, Invocation};

/// Starts a session and prints it.
pub(super) async fn start(
    app: &mut App,
    args: &StartArgs,
    provider: StartProvider,
) -> Result<(), Failure> {
    app.watch_interrupts();
    app.may_push = args.push;
    app.compare_with_server();
    if args.dry_run {
        app.only_show();
    }
    // Everything that can be wrong with what was typed is found before anything
    // is asked of an engine.
    let project = app.project()?;
    project.require_startable()?;
    let settings = request::settings(&project)?;
    let candidate = Candidate::of(
        &args.image,
        args.pull.into(),
        args.force_build,
        &settings,
        &project,
        Some(&provider.package),
    )?;
    let request = request::of(app, args, &provider, &settings, &candidate)?;
    app.engine_options =
        engine_options::read(args, &provider, &request.resources, app.engines.as_ref())?;
    for warning in &app.engine_options.warnings {
        app.printer.message(&format!("warning: {warning}"));
    }
    let is_mounted = args.mount == MountArg::Project && !provider.package.manifest.remote;
    if is_mounted && project.repository_is_elsewhere() {
        app.printer.message(
            "warning: the repository of this folder is elsewhere (a linked worktree or a \
             submodule), where a session does not reach it: git will not work there",
        );
    }

    app.permit(&provider.package).await?;
    let loaded = app.load(&provider.package)?;
    app.files = request::files(args, &project)?;
    let invocation = app.invocation(&provider.package, request);
    let mut instance = loaded.instantiate(invocation.clone()).await?;

    let result = run(app, &mut instance, &invocation, &candidate, &provider).await;
    app.reporter.finish();
    let result = match &app.dry_run {
        None => result,
        Some(dry_run) => match dry_run::shown(app, dry_run, result) {
            Ok(()) => return Ok(()),
            Err(failure) => Err(failure),
        },
    };
    let session = match result {
        Ok(session) => session,
        Err(failure) => {
            app.printer.failed();
            let created = instance.created().to_vec();
            drop(instance);
            let option = provider.option();
            cleanup::after_failure(app, &loaded, &invocation, &created, &option).await;
            return Err(failure);
        }
    };
    report(app, args, &provider, &session, invocation.containers.as_deref()).await
}

/// The calls of a start. What they create is cleaned up by the caller when one
/// of them fails.
async fn run(
    app: &App,
    instance: &mut Instance,
    invocation: &Invocation,
    candidate: &Candidate,
    provider: &StartProvider,
) -> Result<Session, Failure> {
    // Elsewhere it is the service that knows whether there may be another one.
    if !provider.package.manifest.remote {
        let name = invocation.request.session_name.as_deref();
        others::tell(app, instance, provider, name).await?;
    }
    if let Some(containers) = &invocation.containers {
        containers.check_project_files().await?;
    }
    let image = image::resolve(candidate, app, instance, invocation).await?;
    Ok(instance.session_start(&image).await?)
}

async fn report(
    app: &App,
    args: &StartArgs,
    provider: &StartProvider,
    session: &Session,
    engine: Option<&dyn HostEngine>,
) -> Result<(), Failure> {
    let place = remote::place(engine).await?;
    let option = provider.option();
    app.printer.session(session, &option);
    if let Some(unusable) = CommandError::unusable_name(session) {
        app.printer.warning(&unusable);
        return Ok(());
    }
    let Some(url) = &session.url else { return Ok(()) };
    if let (true, Some(elsewhere)) = (args.open, remote::tunnelled(engine, &place)) {
        return remote::forward(app, elsewhere, url, true).await;
    }
    let open = format!("renku session open{option} {}", session.name);
    if let Some(advice) = remote::advice(&place, url, &open) {
        app.printer.message(&advice);
    } else if args.open {
        browser::open(&app.printer, url);
    }
    Ok(())
}
