//! `renku session pull`.

use super::app::App;
use super::args::PullArgs;
use super::error::Failure;
use crate::output;
use crate::sessions::{self, Pulled, Scope};

/// Brings the changes of the named session, or of the only one.
pub(super) async fn pull(app: &App, args: &PullArgs) -> Result<(), Failure> {
    let scope = Scope { provider: args.common.provider.clone(), ..Scope::default() };
    let Pulled { session, changed, removed, commits, left } =
        sessions::pull(&app.context, &scope, args.name.as_deref(), args.force).await?;
    app.printer.pulled(&output::Pulled { session, changed, removed, commits });
    if let Some(left) = left {
        app.printer.warning(&left);
    }
    Ok(())
}
