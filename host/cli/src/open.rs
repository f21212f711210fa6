//! `renku session open`.

use super::app::App;
use super::args::OpenArgs;
use super::error::Failure;
use super::forward;
use crate::output::browser;
use crate::sessions::{self, Opened};

/// Prints where a session opens, and opens it where there is a browser.
pub(super) async fn open(app: &App, args: &OpenArgs) -> Result<(), Failure> {
    let named = &args.session;
    let opened = sessions::open(&app.context, &named.scope("open"), named.name.as_deref()).await?;
    let Opened { session, url, location } = &opened;
    app.printer.url(session);
    if location.is_tunnelled() {
        return forward::forward(app, location, url, !args.no_browser).await;
    }
    if let Some(advice) = location.advice(url, "renku session open") {
        app.printer.message(&advice);
    } else if !args.no_browser {
        browser::open(&app.printer, url);
    }
    Ok(())
}
