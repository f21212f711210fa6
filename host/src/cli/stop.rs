//! `renku session stop`.

use super::app::App;
use super::args::StopArgs;
use super::error::{CommandError, Failure};
use super::select::{self, Providers};
use crate::domain::Session;

/// Stops the named sessions, the only one, or all of this project.
pub(super) async fn stop(app: &mut App, args: &StopArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let provider = args.common.provider.as_deref();
    if args.all {
        return stop_all(app, provider).await;
    }
    if args.names.is_empty() {
        let stopped = stop_one(app, provider, None).await?;
        app.printer.stopped(stopped.into_iter().collect());
        return Ok(());
    }
    if let [name] = args.names.as_slice() {
        let stopped = stop_one(app, provider, Some(name)).await?;
        app.printer.stopped(stopped.into_iter().collect());
        return Ok(());
    }
    stop_several(app, provider, &args.names).await
}

/// One that cannot be stopped does not keep the others running.
async fn stop_several(app: &App, provider: Option<&str>, names: &[String]) -> Result<(), Failure> {
    let mut stopped = Vec::new();
    let mut failed = 0;
    for name in names {
        match stop_one(app, provider, Some(name)).await {
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
    provider: Option<&str>,
    name: Option<&str>,
) -> Result<Option<Session>, Failure> {
    let Some(mut chosen) = select::choose(app, provider, name).await? else { return Ok(None) };
    app.reporter.phase(&format!("Stopping {}", chosen.session.name));
    let result = chosen.answer.instance.session_stop(Some(&chosen.session.name), false).await;
    finish(app, result.is_ok());
    // Gone meanwhile is gone, too.
    result?;
    Ok(Some(chosen.session))
}

/// Every provider is asked; one that cannot be asked is a warning, because the
/// others' sessions are to be stopped all the same.
async fn stop_all(app: &App, provider: Option<&str>) -> Result<(), Failure> {
    let request = app.project_request()?;
    let (answers, silent) = Providers::of(provider)?.list(app, &request).await?;
    let mut stopped = Vec::new();
    let mut failed = None;
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
            Err(error) => failed = Some(error),
        }
    }
    // A provider that did not answer may have had some.
    let failed = failed.or_else(|| silent.into_iter().next().map(|silent| silent.error));
    if failed.is_none() || !stopped.is_empty() {
        app.printer.stopped(stopped);
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

fn finish(app: &App, well: bool) {
    if !well {
        app.printer.failed();
    }
    app.reporter.finish();
}
