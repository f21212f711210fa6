//! `renku session open`.

use super::app::App;
use super::args::OpenArgs;
use super::error::Failure;
use super::lists::Scope;
use super::select;
use crate::output::browser;

/// Prints where a session opens, and opens it where there is a browser.
pub(super) async fn open(app: &mut App, args: &OpenArgs) -> Result<(), Failure> {
    let mut chosen =
        select::the_one(app, Scope::of(&args.common, &args.scope), args.name.as_deref()).await?;
    let url = chosen.answer.instance.session_url(&chosen.session.name).await?;
    chosen.session.url = Some(url.clone());
    app.printer.url(&chosen.session);
    if !args.no_browser {
        browser::open(&app.printer, &url);
    }
    Ok(())
}
