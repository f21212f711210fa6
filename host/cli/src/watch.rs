//! `renku session ls --watch`.

use std::time::Duration;

use super::app::App;
use super::error::Failure;
use super::listed::warnings;
use crate::output::View;
use crate::sessions::Providers;

/// How long between two questions. Engines answer in a millisecond, services
/// should not be asked more often.
const PAUSE: Duration = Duration::from_secs(2);

/// Shows the sessions, and again whenever they changed, until Ctrl-C, which is
/// how one is expected to leave, or until nobody reads any more.
pub(super) async fn watch(app: &App, providers: &Providers, view: View) -> Result<(), Failure> {
    let _own_end = app.context.cancel().own_end();
    let mut screen = app.printer.watch(view);
    let left = || {
        app.printer.interrupted();
        Ok(())
    };
    loop {
        // Every question has an instance of its own: the time that a provider
        // may compute is bounded per command.
        let listed = tokio::select! {
            biased;
            () = app.context.cancel().cancelled() => return left(),
            listed = providers.list(&app.context) => listed,
        };
        if app.context.cancel().is_cancelled() {
            return left();
        }
        let listed = listed?;
        screen.show(listed.sessions(), &warnings(providers, &listed));
        drop(listed);
        if app.printer.data().closed() {
            return Ok(());
        }
        tokio::select! {
            () = app.context.cancel().cancelled() => return left(),
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
