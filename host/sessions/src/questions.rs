//! Questions of the commands themselves. Those of a provider go through
//! [`Asker`](crate::domain::Asker).

use std::sync::Arc;

use crate::Failure;
use crate::domain::{ErrorKind, ProviderError};
use crate::error::SessionsError;
use crate::sandbox::Cancel;

/// A question that is answered with yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// In words, with what is at stake.
    pub text: String,
    /// The option that answers it on the command line.
    pub option: String,
    /// Whether that option alone does, because what follows cannot be taken back.
    pub only_by_option: bool,
}

/// Whoever answers for the user.
pub trait Confirmer: Send + Sync {
    /// Whether every question is answered with yes, but those that one option alone
    /// answers.
    fn says_yes(&self) -> bool;

    /// Whether there is somebody to ask.
    fn can_ask(&self) -> bool;

    /// The answer. May block for as long as somebody thinks: it is called on a thread
    /// of its own.
    ///
    /// # Errors
    ///
    /// `invalid-input` when nobody can be asked and nothing answered before.
    fn confirm(&self, question: &Question) -> Result<bool, ProviderError>;
}

/// Who answers when nobody is there: with no, as an error.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Confirmer for Nobody {
    fn says_yes(&self) -> bool {
        false
    }

    fn can_ask(&self) -> bool {
        false
    }

    fn confirm(&self, question: &Question) -> Result<bool, ProviderError> {
        let message = format!("there is no terminal to ask: {}", question.text);
        Err(ProviderError::new(ErrorKind::InvalidInput, message))
    }
}

/// The answer, on a thread of its own so that an interrupt ends the wait.
pub(crate) async fn answer(
    confirmer: &Arc<dyn Confirmer>,
    cancel: &Cancel,
    question: Question,
) -> Result<bool, Failure> {
    let confirmer = Arc::clone(confirmer);
    let asked = tokio::task::spawn_blocking(move || confirmer.confirm(&question));
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(SessionsError::Interrupted.into()),
        answer = asked => match answer {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(SessionsError::Interrupted.into()),
        },
    }
}
