//! `renku session stop`.

use super::app::App;
use super::args::StopArgs;
use super::error::{CommandError, Failure};
use super::select::{self, Providers};

/// Stops the named sessions, the only one, or all of this project.
pub(super) async fn stop(app: &mut App, args: &StopArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let provider = args.common.provider.as_deref();
    if args.all {
        return stop_all(app, provider).await;
    }
    if args.names.is_empty() {
        return stop_one(app, provider, None).await;
    }
    if let [name] = args.names.as_slice() {
        return stop_one(app, provider, Some(name)).await;
    }
    let mut failed = 0;
    for name in &args.names {
        if let Err(failure) = stop_one(app, provider, Some(name)).await {
            if select::is_interrupt(failure.0.as_ref()) {
                return Err(failure);
            }
            app.printer.warning(failure.0.as_ref());
            failed += 1;
        }
    }
    match failed {
        0 => Ok(()),
        failed => Err(CommandError::Partly { failed, total: args.names.len() }.into()),
    }
}

async fn stop_one(app: &App, provider: Option<&str>, name: Option<&str>) -> Result<(), Failure> {
    let Some(mut chosen) = select::choose(app, provider, name).await? else {
        app.printer.stopped(Vec::new());
        return Ok(());
    };
    app.reporter.phase(&format!("Stopping {}", chosen.session.name));
    let result = chosen.answer.instance.session_stop(Some(&chosen.session.name), false).await;
    app.reporter.finish();
    result?;
    // Gone meanwhile is gone, too.
    app.printer.stopped(vec![chosen.session]);
    Ok(())
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
        app.reporter.finish();
        match result {
            Ok(_) => stopped.append(&mut answer.sessions),
            Err(error) => failed = Some(error),
        }
    }
    app.printer.stopped(stopped);
    // Whether there was something to stop is not known then.
    match failed.or_else(|| silent.into_iter().next().map(|silent| silent.error)) {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
