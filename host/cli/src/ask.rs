//! Lets providers ask the person at the terminal.

use std::sync::Arc;

use crate::domain::Asker;
use crate::domain::ProviderError;
use crate::output::Questions;

/// The terminal, or the answers on the command line.
pub(super) struct Terminal(pub(super) Arc<Questions>);

impl Asker for Terminal {
    fn confirm(&self, provider: &str, id: &str, text: &str) -> Result<bool, ProviderError> {
        self.0
            .confirm_for_provider(provider, id, text)
            .map_err(|error| ProviderError::from_diagnostic(&error))
    }

    fn ask(
        &self,
        provider: &str,
        id: &str,
        text: &str,
        secret: bool,
    ) -> Result<String, ProviderError> {
        self.0
            .ask_for_provider(provider, id, text, secret)
            .map_err(|error| ProviderError::from_diagnostic(&error))
    }
}
