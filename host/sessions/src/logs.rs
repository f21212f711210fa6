//! The log of a session, with providers that keep them.

use std::sync::Arc;

use crate::context::Context;
use crate::contract::LogSink;
use crate::domain::{Diagnostic as _, ErrorKind};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::Scope;
use crate::select;

/// Which part of a log is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogPart {
    /// Only so many lines at its end.
    pub tail: Option<u32>,
    /// What is added later, too, until the command is to end.
    pub follow: bool,
}

/// How the log ended.
pub enum LogEnd {
    /// All of it was written.
    Complete,
    /// The command was to end, or the sink takes no more.
    Interrupted(Failure),
}

/// Writes the log of the session `name`, or of the only one, to `sink`.
///
/// # Errors
///
/// When it is not clear which is meant, or its provider cannot.
pub async fn logs(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
    part: LogPart,
    sink: Arc<dyn LogSink>,
) -> Result<LogEnd, Failure> {
    let mut chosen = select::the_one(context, scope, name).await?;
    let name = &chosen.session.name;
    match chosen.listed.instance.session_logs(name, part.tail, part.follow, sink).await {
        Ok(Some(())) => Ok(LogEnd::Complete),
        Ok(None) => {
            let provider = chosen.listed.provider.shown();
            Err(SessionsError::Unable { provider, what: "show logs" }.into())
        }
        Err(error) if error.kind() == ErrorKind::Cancelled => Ok(LogEnd::Interrupted(error.into())),
        Err(error) => Err(error.into()),
    }
}
