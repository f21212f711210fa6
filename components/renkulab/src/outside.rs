//! All that this provider can reach. In the sandbox that is the host; tests say
//! what it answers.

use renku_session_sdk::Result;
use renku_session_sdk::invocation::{Level, Progress};

use crate::call::{Call, Response};
use crate::local_state::LocalState;

/// The world outside of the sandbox.
pub(crate) trait Outside {
    /// Where RenkuLab is, for messages, without a slash at its end.
    fn base(&self) -> String;

    /// Asks RenkuLab. An answer of any status is no error.
    ///
    /// # Errors
    ///
    /// When there was no whole answer.
    fn send(&self, call: &Call) -> Result<Response>;

    /// Waits.
    ///
    /// # Errors
    ///
    /// `cancelled` when the user has had enough.
    fn sleep(&self, milliseconds: u32) -> Result<()>;

    /// Milliseconds since 1970.
    fn now(&self) -> u64;

    fn report(&self, progress: &Progress);

    fn say(&self, level: Level, message: &str);

    /// Asks the user.
    ///
    /// # Errors
    ///
    /// `invalid-input` when there is nobody to ask.
    fn confirm(&self, id: &str, text: &str) -> Result<bool>;

    /// Asks the user for a line of text, hidden while it is typed when `secret`.
    ///
    /// # Errors
    ///
    /// `invalid-input` when there is nobody to ask.
    fn ask(&self, id: &str, text: &str, secret: bool) -> Result<String>;

    /// From now on, a failed command takes this session back.
    fn created(&self, name: &str);

    /// The repository of the project.
    ///
    /// # Errors
    ///
    /// `not-found` when there is no project.
    fn local_state(&self) -> Result<LocalState>;

    /// The branch that a session begins with, as `origin/main`. The server is asked:
    /// what it has is in the next [`Self::local_state`].
    ///
    /// # Errors
    ///
    /// When git fails.
    fn default_branch(&self) -> Result<Option<String>>;

    /// Pushes the branch, after the host has asked.
    ///
    /// # Errors
    ///
    /// `denied` when the user says no.
    fn push(&self) -> Result<()>;
}
