//! What was not committed when a session ends. Files that a session wrote into
//! the project stay there, but work that is only in a file is easily lost.

use tokio::task::JoinHandle;

use crate::context::Context;
use crate::domain::{Advice, Diagnostic, ErrorKind, Session, SessionStatus};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::Scope;

/// Looks at the project while providers are asked: git takes as long as they do.
pub(crate) struct Unsaved(Option<JoinHandle<usize>>);

impl Unsaved {
    /// Begins to look. With `--yes` every question has its answer; of other
    /// projects the folder is not known.
    pub(crate) fn look(context: &Context, scope: &Scope) -> Self {
        if scope.all_projects || context.says_yes() {
            return Self(None);
        }
        let Ok(project) = context.project() else { return Self(None) };
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
    pub(crate) async fn ask(
        &mut self,
        context: &Context,
        sessions: &[Session],
    ) -> Result<(), Failure> {
        if !context.can_ask() {
            return Ok(());
        }
        let Some(uncommitted) = self.found(sessions).await else { return Ok(()) };
        let text = uncommitted.to_string();
        if context.confirm("--yes", format!("{text}. Stop anyway?")).await? {
            return Ok(());
        }
        Err(SessionsError::Declined { what: "stopping" }.into())
    }

    /// After they ended without a question: says it at least. The stop did not
    /// wait for git.
    pub(crate) async fn warn(&mut self, context: &Context, sessions: &[Session]) {
        if let Some(uncommitted) = self.found(sessions).await {
            context.notices().warning(&uncommitted);
        }
    }

    /// The first time this is asked about a session that was alive: what there
    /// is.
    async fn found(&mut self, sessions: &[Session]) -> Option<Uncommitted> {
        if sessions.iter().all(|session| session.status == SessionStatus::Failed) {
            return None;
        }
        let files = self.0.take()?.await.ok()?;
        (files > 0).then_some(Uncommitted { files })
    }
}

/// Work is not committed.
#[derive(Debug, thiserror::Error)]
#[error(
    "{files} {} of this project {} not committed; saved files stay in its folder",
    if *files == 1 { "file" } else { "files" },
    if *files == 1 { "is" } else { "are" }
)]
struct Uncommitted {
    files: usize,
}

impl Diagnostic for Uncommitted {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::Other.alone()
    }
}
