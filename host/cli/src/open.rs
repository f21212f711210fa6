//! `renku session open`.

use super::app::App;
use super::args::OpenArgs;
use super::error::Failure;
use super::lists::Scope;
use super::{remote, select};
use crate::output::browser;

/// Prints where a session opens, and opens it where there is a browser.
pub(super) async fn open(app: &mut App, args: &OpenArgs) -> Result<(), Failure> {
    let session = &args.session;
    let scope = Scope::of(&session.common, &session.scope);
    let mut chosen = select::the_one(app, scope, session.name.as_deref()).await?;
    let url = chosen.answer.instance.session_url(&chosen.session.name).await?;
    chosen.session.url = Some(url.clone());
    let engine = remote::engine_of(app, &chosen.answer.package);
    let place = remote::place(engine.as_deref()).await?;
    app.printer.url(&chosen.session);
    if let Some(elsewhere) = remote::tunnelled(engine.as_deref(), &place) {
        app.watch_interrupts();
        return remote::forward(app, elsewhere, &url, !args.no_browser).await;
    }
    if let Some(advice) = remote::advice(&place, &url, "renku session open") {
        app.printer.message(&advice);
    } else if !args.no_browser {
        browser::open(&app.printer, &url);
    }
    Ok(())
}
