//! `renku session ls`.

use super::app::App;
use super::args::LsArgs;
use super::completion::remembered;
use super::error::{CommandError, Failure};
use super::listed::warnings;
use super::watch;
use crate::domain::is_plain_name;
use crate::output::{Columns, Format, View};
use crate::sessions::{Listing, Providers, Scope};

/// Lists the sessions of this project. A provider that does not answer is a
/// warning, unless it was named.
pub(super) async fn ls(app: &App, args: &LsArgs) -> Result<(), Failure> {
    let view = view(args)?;
    let scope = args.scope.scope(&args.common);
    let scope = Scope { limit: args.timeout, details: wants_details(args), ..scope };
    let providers = Providers::of(&app.context, &scope)?;
    if args.watch {
        return watch::watch(app, &providers, view).await;
    }
    let mut screen = app.printer.watch(view.clone());
    let found = providers
        .list_local_first(&app.context, |local| {
            let sessions = local.sessions();
            // That there are none is not known before all have answered.
            if screen.redraws() && !sessions.is_empty() {
                screen.show(sessions, &warnings(&providers, local));
            }
        })
        .await?;
    if !args.scope.all_projects {
        remember(app, &found)?;
    }
    let (shown, warnings) = (found.sessions(), warnings(&providers, &found));
    if view.names_only && shown.iter().any(|session| !is_plain_name(&session.name)) {
        app.printer.is_a_problem();
    }
    if screen.redraws() {
        screen.show(shown, &warnings);
    } else {
        app.printer.sessions(shown, &warnings, &view);
    }
    if args.scope.all_projects && found.is_whole() {
        app.context.warn_of_left_copies().await;
    }
    // The program ends now: taking the sandbox apart, with its gigabytes of
    // reserved addresses, is quicker for the kernel than for us.
    std::mem::forget(found);
    Ok(())
}

/// Leaves the names of remote sessions to completion, which asks nobody far away.
fn remember(app: &App, found: &Listing) -> Result<(), Failure> {
    if let Some(sessions) = found.remote_sessions() {
        remembered::remember(app.context.project()?.id(), &sessions);
    }
    Ok(())
}

/// Programs get everything, people what they chose.
fn wants_details(args: &LsArgs) -> bool {
    let is_for_programs = matches!(args.common.format, Format::Json | Format::Yaml);
    !args.quiet && (is_for_programs || args.columns.as_ref().is_some_and(Columns::have_details))
}

fn view(args: &LsArgs) -> Result<View, Failure> {
    let format = args.common.format;
    if args.columns.is_some() && !matches!(format, Format::Table | Format::Tsv) {
        return Err(CommandError::NoColumns.into());
    }
    Ok(View {
        columns: args.columns.clone(),
        names_only: args.quiet,
        all_projects: args.scope.all_projects,
    })
}
