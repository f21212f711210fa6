//! `renku session pause` and `resume`, for providers that can.

use super::app::App;
use super::args::NameArgs;
use super::error::Failure;
use crate::sessions;

/// Puts a session aside.
pub(super) async fn pause(app: &App, args: &NameArgs) -> Result<(), Failure> {
    let session = sessions::pause(&app.context, &args.scope("pause"), args.name.as_deref()).await?;
    let name = &session.name;
    app.printer
        .changed(&session, &format!("Paused `{name}`; `renku session resume {name}` resumes it"));
    Ok(())
}

/// Takes it up again.
pub(super) async fn resume(app: &App, args: &NameArgs) -> Result<(), Failure> {
    let session =
        sessions::resume(&app.context, &args.scope("resume"), args.name.as_deref()).await?;
    let name = &session.name;
    app.printer
        .changed(&session, &format!("Resumed `{name}`; `renku session open {name}` opens it"));
    Ok(())
}
