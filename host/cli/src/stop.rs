//! `renku session stop`.

use super::app::App;
use super::args::StopArgs;
use super::error::Failure;
use crate::sessions::{self, Which};

/// Stops the named sessions, the only one, all of this project, or all there are.
pub(super) async fn stop(app: &App, args: StopArgs) -> Result<(), Failure> {
    let scope = args.scope.scope(&args.common, "stop");
    let which = match args.names.is_empty() {
        true if args.all || scope.all_projects => Which::All,
        true => Which::Only,
        false => Which::Named(args.names),
    };
    let stopped = sessions::stop(&app.context, &scope, which).await?;
    let is_empty = stopped.sessions.is_empty();
    if !is_empty || (stopped.failure.is_none() && !stopped.only_a_copy) {
        app.printer.stopped(stopped.sessions);
    }
    for failure in &stopped.warnings {
        app.printer.warning(failure.0.as_ref());
    }
    stopped.failure.map_or(Ok(()), Err)
}
