//! Providers that did not answer when nobody said which session is meant: the
//! only session of the others need not be the only one.

use super::app::App;
use super::error::{CommandError, Failure};
use super::lists::Silent;
use crate::domain::{Diagnostic, ErrorKind, Session, Speaker};
use crate::sandbox::CallError;

/// Those that may have the session that was meant.
#[derive(Default)]
pub(super) struct Unheard(Vec<Silent>);

/// One of them, as a warning.
#[derive(Debug, thiserror::Error)]
#[error("the provider `{provider}` did not answer, and may have a session, too")]
struct NoAnswer {
    provider: String,
    error: CallError,
}

impl Unheard {
    /// What is known when a session was chosen because no other was answered.
    pub(super) fn new(silent: Vec<Silent>) -> Self {
        Self(silent)
    }

    /// Says who was not heard, and which session is taken therefore.
    pub(super) fn warn(self, app: &App, chosen: &Session) {
        if self.0.is_empty() {
            return;
        }
        app.reporter.finish();
        for Silent { provider, error } in self.0 {
            app.printer.warning(&NoAnswer { provider, error });
        }
        app.printer.message(&format!(
            "The only session that is known is `{}` of `{}`",
            chosen.name, chosen.provider
        ));
    }

    /// The same before what cannot be taken back: asks, where there is somebody
    /// to ask. Elsewhere nobody who works offline is kept from it.
    ///
    /// # Errors
    ///
    /// When the user says no, or interrupts.
    pub(super) async fn ask_to_stop(self, app: &App, chosen: &Session) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.warn(app, chosen);
        if !app.questions.can_ask() || app.confirm("--yes", "Stop it?".to_owned()).await? {
            return Ok(());
        }
        Err(CommandError::Declined { what: "stopping" }.into())
    }
}

impl Diagnostic for NoAnswer {
    fn kind(&self) -> ErrorKind {
        self.error.kind()
    }

    fn hint(&self) -> Option<String> {
        self.error.hint()
    }

    fn causes(&self) -> Vec<String> {
        let mut causes = vec![self.error.to_string()];
        causes.extend(self.error.causes());
        causes
    }

    fn speaker(&self) -> Speaker<'_> {
        match self.error.speaker() {
            Speaker::Provider(name) => Speaker::BehindMessage(name),
            other => other,
        }
    }
}
