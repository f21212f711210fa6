//! `renku session pause` and `resume`, for providers that can.

use super::app::App;
use super::args::NameArgs;
use super::error::{CommandError, Failure};
use super::lists::Scope;
use super::select;
use crate::domain::SessionStatus;

/// Puts a session aside.
pub(super) async fn pause(app: &mut App, args: &NameArgs) -> Result<(), Failure> {
    let mut chosen = chosen(app, args).await?;
    let name = chosen.session.name.clone();
    if chosen.answer.instance.pause(&name).await?.is_none() {
        return Err(unable(&chosen, "pause sessions"));
    }
    chosen.session.status = SessionStatus::Paused;
    // A frozen session answers nobody.
    chosen.session.url = None;
    app.printer.changed(
        &chosen.session,
        &format!("Paused `{name}`; `renku session resume {name}` takes it up again"),
    );
    Ok(())
}

/// Takes it up again.
pub(super) async fn resume(app: &mut App, args: &NameArgs) -> Result<(), Failure> {
    let mut chosen = chosen(app, args).await?;
    let name = chosen.session.name.clone();
    if chosen.answer.instance.resume(&name).await?.is_none() {
        return Err(unable(&chosen, "resume sessions"));
    }
    // What it is now, with its URL, only the provider knows.
    let listed = chosen.answer.instance.session_list().await?;
    if let Some(session) = listed.into_iter().find(|session| session.name == name) {
        chosen.session = session;
    }
    app.printer.changed(
        &chosen.session,
        &format!("Resumed `{name}`; `renku session open {name}` opens it"),
    );
    Ok(())
}

async fn chosen(app: &App, args: &NameArgs) -> Result<select::Chosen, Failure> {
    app.watch_interrupts();
    select::the_one(app, Scope::of(&args.common, &args.scope), args.name.as_deref()).await
}

fn unable(chosen: &select::Chosen, what: &'static str) -> Failure {
    CommandError::Unable { provider: chosen.answer.package.shown(), what }.into()
}
