//! `renku session doctor`: looks at everything that a session needs and says what
//! is wrong with it. Starts nothing and changes nothing.
//!
//! One file for each thing that is looked at; every one gives findings.

mod elsewhere;
mod engine;
mod places;
mod sessions;
mod tools;

use std::time::Duration;

use super::app::App;
use super::args::DoctorArgs;
use super::error::Failure;
use crate::output::Finding;

/// How long each of them may take; none waits for another.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at everything, and prints what was found.
pub(super) async fn doctor(app: &App, args: &DoctorArgs) -> Result<(), Failure> {
    let key = app.context.key();
    let (engines, places, tools) = tokio::join!(
        app.context.engines().examine(&key),
        aside("folders", places::examine),
        aside("tools", tools::examine),
    );
    let mut findings = Vec::new();
    for examination in engines {
        let sessions = sessions::examine(app, &examination.census.sessions);
        let copies = sessions::left_copies(&examination.census.left_copies);
        findings.extend(engine::examine(examination));
        findings.extend(sessions);
        findings.extend(copies);
    }
    findings.extend(places);
    findings.extend(tools);
    findings.extend(elsewhere::examine(app, args).await?);
    app.printer.findings(&findings);
    Ok(())
}

/// What looks at files and programs here, on a thread of its own: a disk of another machine
/// that is away keeps whoever asks it.
async fn aside(topic: &'static str, look: fn() -> Vec<Finding>) -> Vec<Finding> {
    let looked = tokio::task::spawn_blocking(look);
    match tokio::time::timeout(PATIENCE, looked).await {
        Ok(Ok(findings)) => findings,
        Ok(Err(_)) | Err(_) => {
            let message = format!("no answer within {} s", PATIENCE.as_secs());
            let hint =
                "is your home or a folder of the `PATH` on a network drive that is not connected?";
            vec![Finding::problem(topic, message, Some(hint))]
        }
    }
}
