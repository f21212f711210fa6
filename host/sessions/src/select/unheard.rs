//! Providers that did not answer when nobody said which session is meant: the
//! only session of the others need not be the only one.

use crate::context::Context;
use crate::domain::{Advice, Diagnostic, Session, Speaker};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::Unanswered;
use crate::sandbox::CallError;

/// Those that may have the session that was meant.
#[derive(Default)]
pub(crate) struct Unheard(Vec<Unanswered>);

/// One of them, as a warning.
#[derive(Debug, thiserror::Error)]
#[error("the provider `{provider}` did not answer, and may have a session, too")]
struct NoAnswer {
    provider: String,
    error: CallError,
}

impl Unheard {
    /// What is known when a session was chosen because no other was answered.
    pub(crate) fn new(unanswered: Vec<Unanswered>) -> Self {
        Self(unanswered)
    }

    /// Says who was not heard, and which session is taken therefore.
    pub(crate) fn warn(self, context: &Context, chosen: &Session) {
        if self.0.is_empty() {
            return;
        }
        context.reporter().finish();
        for Unanswered { provider, error } in self.0 {
            context.notices().warning(&NoAnswer { provider, error });
        }
        context.reporter().message(&format!(
            "The only known session is `{}` of `{}`",
            chosen.name, chosen.provider
        ));
    }

    /// The same before what cannot be taken back: asks, where there is somebody
    /// to ask. Elsewhere nobody who works offline is kept from it.
    ///
    /// # Errors
    ///
    /// When the user says no, or interrupts.
    pub(crate) async fn ask_to_stop(
        self,
        context: &Context,
        chosen: &Session,
    ) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.warn(context, chosen);
        if !context.can_ask() || context.confirm("--yes", "Stop it?".to_owned()).await? {
            return Ok(());
        }
        Err(SessionsError::Declined { what: "stopping" }.into())
    }
}

impl Diagnostic for NoAnswer {
    fn advice(&self) -> Advice<'_> {
        let advice = Advice::of(&self.error);
        let causes = [self.error.to_string()].into_iter().chain(advice.causes).collect();
        let speaker = match advice.speaker {
            Speaker::Provider(name) => Speaker::BehindMessage(name),
            other => other,
        };
        Advice { causes, speaker, exit_status: advice.kind.exit_status(), ..advice }
    }
}
