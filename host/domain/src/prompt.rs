//! Questions of a provider to the user.
//!
//! The capability is the trait; whoever owns the terminal implements it.
//! Building, pulling, pushing, permission and deletion never pass here: those
//! questions are the host's alone.

use crate::ProviderError;

/// Answers questions, from the terminal or from the command line.
pub trait Asker: Send + Sync {
    /// Yes or no. `id` is what `--answer ID=…` names.
    ///
    /// # Errors
    ///
    /// `invalid-input` without a terminal and without an answer, `cancelled`
    /// when the user interrupts.
    fn confirm(&self, provider: &str, id: &str, text: &str) -> Result<bool, ProviderError>;

    /// A line of text; hidden while it is typed when `secret`.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    fn ask(
        &self,
        provider: &str,
        id: &str,
        text: &str,
        secret: bool,
    ) -> Result<String, ProviderError>;
}
