//! `renku session logs`, for providers that keep them.

use std::sync::Arc;

use super::app::App;
use super::args::LogsArgs;
use super::error::{CommandError, Failure};
use super::lists::Scope;
use super::select;
use crate::contract::LogSink;
use crate::domain::{Diagnostic as _, ErrorKind, ProviderError};
use crate::output::Data;

/// Shows what a session printed; with `--follow` until Ctrl-C, which is how one
/// is expected to leave.
pub(super) async fn logs(app: &mut App, args: &LogsArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let session = &args.session;
    let scope = Scope::of(&session.common, &session.scope);
    let mut chosen = select::the_one(app, scope, session.name.as_deref()).await?;
    let name = chosen.session.name.clone();
    let sink = Arc::new(Sink(app.printer.data()));
    match chosen.answer.instance.session_logs(&name, args.tail, args.follow, sink).await {
        Ok(Some(())) => Ok(()),
        Ok(None) => {
            Err(CommandError::Unable { provider: chosen.answer.package.shown(), what: "show logs" }
                .into())
        }
        Err(error)
            if error.kind() == ErrorKind::Cancelled
                && (args.follow || app.printer.data().closed()) =>
        {
            app.printer.interrupted();
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Standard output as a sink.
struct Sink(Data);

impl LogSink for Sink {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.write(bytes).map_err(|_| ProviderError::cancelled())
    }
}
