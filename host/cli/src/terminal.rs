//! The terminal: where questions are answered, or the options that answer them, and where
//! warnings go.

use std::sync::Arc;

use crate::domain::{Asker, Diagnostic, ProviderError};
use crate::output::{Printer, QuestionError, Questions, Warning};
use crate::sessions::{Confirmer, Notices, Question};

pub(super) struct Terminal {
    pub(super) printer: Arc<Printer>,
    pub(super) questions: Arc<Questions>,
}

fn flat<T>(answer: Result<T, QuestionError>) -> Result<T, ProviderError> {
    answer.map_err(|error| ProviderError::from_diagnostic(&error))
}

/// Questions of providers.
impl Asker for Terminal {
    fn confirm(&self, provider: &str, id: &str, text: &str) -> Result<bool, ProviderError> {
        flat(self.questions.confirm_for_provider(provider, id, text))
    }

    fn ask(
        &self,
        provider: &str,
        id: &str,
        text: &str,
        secret: bool,
    ) -> Result<String, ProviderError> {
        flat(self.questions.ask_for_provider(provider, id, text, secret))
    }
}

/// Questions of ours.
impl Confirmer for Terminal {
    fn says_yes(&self) -> bool {
        self.questions.says_yes()
    }

    fn can_ask(&self) -> bool {
        self.questions.can_ask()
    }

    fn confirm(&self, question: &Question) -> Result<bool, ProviderError> {
        let Question { text, option, only_by_option } = question;
        flat(match only_by_option {
            true => self.questions.confirm_by_flag(option, text),
            false => self.questions.confirm(option, text),
        })
    }
}

impl Notices for Terminal {
    fn warning(&self, error: &dyn Diagnostic) {
        self.printer.warning(error);
    }

    fn not_shown(&self, provider: &str, error: &dyn Diagnostic) {
        self.printer.warnings(&[Warning::new(provider, error)]);
    }

    fn phase_failed(&self) {
        self.printer.failed();
    }
}
