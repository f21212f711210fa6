//! `renku session doctor`: looks at everything that a session needs and says what
//! is wrong with it. Starts nothing and changes nothing.
//!
//! One file for each thing that is looked at; every one gives findings.

mod engine;
mod places;
mod sessions;
mod tools;

use super::app::App;
use super::error::Failure;

/// Looks at everything, and prints what was found.
pub(super) async fn doctor(app: &App) -> Result<(), Failure> {
    let mut findings = Vec::new();
    for examination in app.context.engines().examine(&app.context.key()).await {
        let sessions = sessions::examine(app, &examination.census.sessions);
        findings.extend(engine::examine(examination));
        findings.extend(sessions);
    }
    findings.extend(places::examine());
    findings.extend(tools::examine());
    app.printer.findings(&findings);
    Ok(())
}
