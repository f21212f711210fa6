//! `renku session stop`.

use super::app::App;
use super::args::StopArgs;
use super::error::{CommandError, Failure};
use super::lists::{Answers, Providers, Scope};
use super::pull;
use super::select;
use super::unsaved::Unsaved;
use crate::domain::Session;
use crate::sandbox::CallError;

/// Stops the named sessions, the only one, all of this project, or all there are.
pub(super) async fn stop(app: &mut App, args: &StopArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let scope = Scope::of(&args.common, &args.scope);
    let mut unsaved = Unsaved::look(app, &scope);
    let unsaved = &mut unsaved;
    match args.names.as_slice() {
        [] if args.all || scope.all_projects => stop_all(app, &scope, unsaved).await,
        [] => {
            let stopped = stop_one(app, scope, None, unsaved).await?;
            app.printer.stopped(stopped.into_iter().collect());
            Ok(())
        }
        [name] => {
            let stopped = stop_one(app, scope, Some(name), unsaved).await?;
            app.printer.stopped(stopped.into_iter().collect());
            Ok(())
        }
        names => stop_several(app, scope, names, unsaved).await,
    }
}

/// One that cannot be stopped does not keep the others running.
async fn stop_several(
    app: &App,
    scope: Scope<'_>,
    names: &[String],
    unsaved: &mut Unsaved,
) -> Result<(), Failure> {
    let mut stopped = Vec::new();
    let mut failed = 0;
    for name in names {
        match stop_one(app, scope, Some(name), unsaved).await {
            Ok(session) => stopped.extend(session),
            Err(failure) if select::is_interrupt(failure.0.as_ref()) => return Err(failure),
            Err(failure) => {
                app.printer.warning(failure.0.as_ref());
                failed += 1;
            }
        }
    }
    if failed == 0 || !stopped.is_empty() {
        app.printer.stopped(stopped);
    }
    match failed {
        0 => Ok(()),
        failed => Err(CommandError::Partly { failed, total: names.len() }.into()),
    }
}

/// Stops a session; none when nothing was named and there is none.
async fn stop_one(
    app: &App,
    scope: Scope<'_>,
    name: Option<&str>,
    unsaved: &mut Unsaved,
) -> Result<Option<Session>, Failure> {
    let Some(mut chosen) = select::choose(app, scope, name).await? else { return Ok(None) };
    std::mem::take(&mut chosen.unheard).ask_to_stop(app, &chosen.session).await?;
    let local = !chosen.answer.package.manifest.remote;
    let touched = if local { std::slice::from_ref(&chosen.session) } else { &[] };
    unsaved.ask(app, touched).await?;
    pull::ask_before_stop(app, &chosen.answer.package, std::slice::from_ref(&chosen.session))
        .await?;
    app.reporter.phase(&format!("Stopping {}", chosen.session.name));
    let result = chosen.answer.instance.session_stop(Some(&chosen.session.name), false).await;
    finish(app, result.is_ok());
    unsaved.warn(app, touched).await;
    // Gone meanwhile is gone, too.
    result?;
    Ok(Some(chosen.session))
}

/// Every provider is asked; one that cannot be asked is a warning, because the
/// others' sessions are to be stopped all the same.
async fn stop_all(app: &App, scope: &Scope<'_>, unsaved: &mut Unsaved) -> Result<(), Failure> {
    let Answers { answers, silent } =
        Providers::of(app, scope)?.with_warnings(app).list(app).await?;
    if scope.all_projects {
        ask_for_all(app, &answers.iter().flat_map(|it| &it.sessions).collect::<Vec<_>>()).await?;
    }
    let local = answers.iter().filter(|answer| !answer.package.manifest.remote);
    let local: Vec<Session> = local.flat_map(|answer| &answer.sessions).cloned().collect();
    unsaved.ask(app, &local).await?;
    for answer in &answers {
        pull::ask_before_stop(app, &answer.package, &answer.sessions).await?;
    }

    let mut stopped = Vec::new();
    // A provider that did not answer may have had some.
    let mut failed: Vec<CallError> = silent.into_iter().map(|silent| silent.error).collect();
    for mut answer in answers {
        if answer.sessions.is_empty() {
            continue;
        }
        let names: Vec<_> = answer.sessions.iter().map(|session| session.name.as_str()).collect();
        app.reporter.phase(&format!("Stopping {}", names.join(", ")));
        let result = answer.instance.session_stop(None, true).await;
        finish(app, result.is_ok());
        match result {
            Ok(_) => stopped.append(&mut answer.sessions),
            Err(error) if select::is_interrupt(&error) => {
                failed = vec![error];
                break;
            }
            Err(error) => failed.push(error),
        }
    }
    unsaved.warn(app, &local).await;
    if failed.is_empty() || !stopped.is_empty() {
        app.printer.stopped(stopped);
    }
    all_told(app, failed)
}

/// One failure is that of the command; of several each is told.
fn all_told(app: &App, mut failed: Vec<CallError>) -> Result<(), Failure> {
    if failed.len() < 2 {
        return failed.pop().map_or(Ok(()), |error| Err(error.into()));
    }
    failed.iter().for_each(|error| app.printer.warning(error));
    Err(CommandError::SeveralFailed { providers: failed.len() }.into())
}

/// Sessions of other projects are easily forgotten: they are named first.
async fn ask_for_all(app: &App, sessions: &[&Session]) -> Result<(), Failure> {
    if sessions.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = sessions
        .iter()
        .map(|session| match &session.project {
            Some(project) => format!("  {} ({project})", session.name),
            None => format!("  {}", session.name),
        })
        .collect();
    let question = format!("Sessions of all your projects:\n{}\nStop them?", lines.join("\n"));
    if app.confirm("--yes", question).await? {
        Ok(())
    } else {
        Err(CommandError::Declined { what: "stopping the sessions" }.into())
    }
}

fn finish(app: &App, well: bool) {
    if !well {
        app.printer.failed();
    }
    app.reporter.finish();
}
