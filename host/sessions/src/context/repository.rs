//! Shows the repository of the project to providers, and asks before it is pushed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;

use crate::domain::{Diagnostic, ErrorKind, ProviderError, shell_word};
use crate::domain::{Repository, RepositoryStatus};
use crate::project::{Asking, Checkout, Project, PushTarget, Upstream};
use crate::questions::{Confirmer, Question};

/// The repository of this command's project.
pub(super) struct ProjectRepository {
    pub(super) project: Arc<Project>,
    pub(super) confirmer: Arc<dyn Confirmer>,
    /// Whether `--push` was typed.
    pub(super) may_push: bool,
    /// When the server is asked what it has.
    pub(super) asking: Asking,
    /// What it said of the upstream.
    pub(super) upstream: Mutex<Upstream>,
}

fn convert(error: impl Diagnostic) -> ProviderError {
    ProviderError::from_diagnostic(&error)
}

impl Repository for ProjectRepository {
    fn status(&self) -> Result<RepositoryStatus, ProviderError> {
        Ok(self.checkout()?.status)
    }

    fn default_branch(&self) -> BoxFuture<'_, Result<Option<String>, ProviderError>> {
        Box::pin(async {
            let remote = self.project.remote(self.asking).await.map_err(convert)?;
            match &remote.silent {
                // A start does without, and its user knows.
                Some((name, reason)) if self.asking == Asking::Always => tracing::warn!(
                    "`{name}` did not answer, so this folder is compared with git's last fetch: {reason}"
                ),
                Some((name, reason)) => {
                    tracing::debug!("`{name}` did not report its default branch: {reason}");
                }
                None => {}
            }
            *self.upstream() = remote.upstream;
            Ok(remote.default_branch)
        })
    }

    fn push(&self) -> BoxFuture<'_, Result<(), ProviderError>> {
        Box::pin(async {
            let Checkout { status, push } = self.checkout()?;
            let Some(target) = &push else { return Err(nowhere(&status)) };
            if !self.may_push && !self.ask(&status, target).await? {
                return Err(ProviderError::new(ErrorKind::Denied, "pushing was declined")
                    .with_help("push yourself with `git push`, or add `--push`"));
            }
            let may_ask = self.confirmer.can_ask();
            self.project.push(target, may_ask).await.map_err(convert)?;
            *self.upstream() = Upstream::Compared { ahead: 0, behind: 0 };
            Ok(())
        })
    }
}

impl ProjectRepository {
    fn upstream(&self) -> MutexGuard<'_, Upstream> {
        self.upstream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state here; of the upstream, what its server said where that is known.
    fn checkout(&self) -> Result<Checkout, ProviderError> {
        let Checkout { status, push } = self.project.repository().map_err(convert)?;
        let status = match *self.upstream() {
            Upstream::Unknown => status,
            Upstream::Compared { ahead, behind } => {
                RepositoryStatus { ahead: Some(ahead), behind: Some(behind), ..status }
            }
            Upstream::Unfetched => RepositoryStatus { behind: None, ..status },
        };
        Ok(Checkout { status, push })
    }

    /// Asks whether to push, on a thread of its own so that Ctrl-C is heard. Even
    /// `--yes` does not answer this one: a push cannot be taken back.
    async fn ask(
        &self,
        status: &RepositoryStatus,
        target: &PushTarget,
    ) -> Result<bool, ProviderError> {
        let commits = match status.ahead {
            Some(1) => "1 commit".to_owned(),
            Some(count) => format!("{count} commits"),
            None => "the commits".to_owned(),
        };
        // Where it goes, which the project says, and not what it calls that.
        let text = format!(
            "Push {commits} of `{}` to `{}/{}` ({})?",
            status.branch.as_deref().unwrap_or_default(),
            target.remote,
            target.branch(),
            target.addresses.join(", "),
        );
        let confirmer = Arc::clone(&self.confirmer);
        let question = Question { text, option: "--push".into(), only_by_option: true };
        let asked = tokio::task::spawn_blocking(move || confirmer.confirm(&question));
        match asked.await {
            Ok(answer) => answer,
            Err(_) => Err(ProviderError::cancelled()),
        }
    }
}

fn nowhere(status: &RepositoryStatus) -> ProviderError {
    match &status.branch {
        None => ProviderError::new(ErrorKind::Conflict, "no branch is checked out to push")
            .with_help("run `git switch BRANCH`"),
        Some(branch) => ProviderError::new(
            ErrorKind::Conflict,
            format!("the branch `{branch}` has no upstream to push to"),
        )
        .with_help(format!("run `git push -u origin {}`", shell_word(branch))),
    }
}
