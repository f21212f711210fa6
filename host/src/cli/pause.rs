//! `renku session pause` and `resume`, for providers that can.

use super::app::App;
use super::args::NameArgs;
use super::error::{CommandError, Failure};
use super::select;

/// Puts a session aside.
pub(super) async fn pause(app: &mut App, args: &NameArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let mut chosen =
        select::the_one(app, args.common.provider.as_deref(), args.name.as_deref()).await?;
    let name = &chosen.session.name;
    match chosen.answer.instance.pause(name).await? {
        Some(()) => {
            app.printer.message(&format!(
                "Paused `{name}`; `renku session resume {name}` takes it up again"
            ));
            Ok(())
        }
        None => Err(unable(&chosen, "pause sessions")),
    }
}

/// Takes it up again.
pub(super) async fn resume(app: &mut App, args: &NameArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let mut chosen =
        select::the_one(app, args.common.provider.as_deref(), args.name.as_deref()).await?;
    let name = &chosen.session.name;
    match chosen.answer.instance.resume(name).await? {
        Some(()) => {
            app.printer.message(&format!("Resumed `{name}`; `renku session open {name}` opens it"));
            Ok(())
        }
        None => Err(unable(&chosen, "resume sessions")),
    }
}

fn unable(chosen: &select::Chosen, what: &'static str) -> Failure {
    CommandError::Unable { provider: chosen.answer.package.shown(), what }.into()
}
