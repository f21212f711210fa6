//! What was not committed when a session ends. Files that a session wrote into
//! the project stay there, but work that is only in a file is easily lost.

use tokio::task::JoinHandle;

use super::app::App;
use super::error::{CommandError, Failure};
use super::lists::Scope;
use crate::domain::{Session, SessionStatus};

/// Looks at the project while providers are asked: git takes as long as they do.
pub(super) struct Unsaved(Option<JoinHandle<usize>>);

impl Unsaved {
    /// Begins to look. With `--yes` every question has its answer; of other
    /// projects the folder is not known.
    pub(super) fn look(app: &App, scope: &Scope<'_>) -> Self {
        if scope.all_projects || app.questions.says_yes() {
            return Self(None);
        }
        let Ok(project) = app.project() else { return Self(None) };
        Self(Some(tokio::task::spawn_blocking(move || {
            // Nobody is kept from stopping a session by git.
            project.uncommitted().unwrap_or_else(|error| {
                tracing::info!("cannot look for uncommitted work: {error}");
                0
            })
        })))
    }

    /// Before sessions that work on the project end: asks, where there is
    /// somebody to ask.
    ///
    /// # Errors
    ///
    /// When the user says no, or interrupts.
    pub(super) async fn ask(&mut self, app: &App, sessions: &[Session]) -> Result<(), Failure> {
        if !app.questions.can_ask() {
            return Ok(());
        }
        let Some(uncommitted) = self.found(sessions).await else { return Ok(()) };
        let text = uncommitted.to_string();
        if app.confirm("--yes", format!("{text}. Stop anyway?")).await? {
            return Ok(());
        }
        Err(CommandError::Declined { what: "stopping" }.into())
    }

    /// After they ended without a question: says it at least. The stop did not
    /// wait for git.
    pub(super) async fn warn(&mut self, app: &App, sessions: &[Session]) {
        if let Some(uncommitted) = self.found(sessions).await {
            app.printer.warning(&uncommitted);
        }
    }

    /// The first time this is asked about a session that was alive: what there
    /// is.
    async fn found(&mut self, sessions: &[Session]) -> Option<CommandError> {
        if sessions.iter().all(|session| session.status == SessionStatus::Failed) {
            return None;
        }
        let files = self.0.take()?.await.ok()?;
        (files > 0).then_some(CommandError::Uncommitted { files })
    }
}
