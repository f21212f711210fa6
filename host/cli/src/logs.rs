//! `renku session logs`, for providers that keep them.

use std::sync::Arc;

use super::app::App;
use super::args::LogsArgs;
use super::error::Failure;
use crate::contract::LogSink;
use crate::domain::ProviderError;
use crate::output::Data;
use crate::sessions::{self, LogEnd, LogPart};

/// Shows what a session printed; with `--follow` until Ctrl-C, which is how one
/// is expected to leave.
pub(super) async fn logs(app: &App, args: &LogsArgs) -> Result<(), Failure> {
    let (scope, name) = (args.scope(), args.session.name.as_deref());
    let part = LogPart { tail: args.tail, follow: args.follow };
    let _own_end = args.follow.then(|| app.context.cancel().own_end());
    let sink = Arc::new(Sink(app.printer.data()));
    match sessions::logs(&app.context, &scope, name, part, sink).await? {
        LogEnd::Complete => Ok(()),
        LogEnd::Interrupted(_) if args.follow || app.printer.data().closed() => {
            app.printer.interrupted();
            Ok(())
        }
        LogEnd::Interrupted(failure) => Err(failure),
    }
}

/// Standard output as a sink.
struct Sink(Data);

impl LogSink for Sink {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.write(bytes).map_err(|_| ProviderError::cancelled())
    }
}
