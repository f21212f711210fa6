//! The git repository of the project, for sessions that start from a server's copy
//! of it.
//!
//! The capability is the trait; whoever owns the project and the terminal
//! implements it. Nothing here commits, and nothing force-pushes.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::ProviderError;
use crate::changes::{Change, Withhold};

/// The state of a repository, as it was when asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepositoryStatus {
    /// The branch that is checked out; none when HEAD is detached.
    pub branch: Option<String>,
    /// The commit that is checked out; none before the first one.
    pub head: Option<String>,
    /// Whether the working tree differs from the commit.
    pub dirty: bool,
    /// The branch this one is pushed to, `origin/main`.
    pub upstream: Option<String>,
    /// Commits that the upstream branch lacks, as far as is known here.
    pub ahead: Option<u32>,
    /// Commits that are not here, as far as is known here.
    pub behind: Option<u32>,
    /// The URLs of the remotes without credentials, the most telling one first.
    pub remote_urls: Vec<String>,
}

/// A repository that may be read, and pushed when its user says so.
pub trait Repository: Send + Sync {
    /// Reads its state; asks no server.
    ///
    /// # Errors
    ///
    /// When git fails.
    fn status(&self) -> Result<RepositoryStatus, ProviderError>;

    /// The branch that a fresh copy of the remote begins with, written as
    /// [`RepositoryStatus::upstream`] is. Asks the remote where git does not know, and
    /// before a start in any case: what it says of the upstream is in the next
    /// [`Self::status`].
    ///
    /// # Errors
    ///
    /// When git fails here; a remote that does not answer is none.
    fn default_branch(&self) -> BoxFuture<'_, Result<Option<String>, ProviderError>>;

    /// Asks the user, then pushes the branch to its upstream.
    ///
    /// # Errors
    ///
    /// `denied` when the user says no, `conflict` when there is nothing that could
    /// be pushed or the server has other commits, and whatever git says.
    fn push(&self) -> BoxFuture<'_, Result<(), ProviderError>>;
}

/// A repository that is read and not pushed.
pub struct Unpushed {
    pub repository: Arc<dyn Repository>,
    /// Who answers in place of a push.
    pub changes: Arc<dyn Withhold>,
}

impl Repository for Unpushed {
    fn status(&self) -> Result<RepositoryStatus, ProviderError> {
        self.repository.status()
    }

    fn default_branch(&self) -> BoxFuture<'_, Result<Option<String>, ProviderError>> {
        self.repository.default_branch()
    }

    fn push(&self) -> BoxFuture<'_, Result<(), ProviderError>> {
        Box::pin(async {
            let RepositoryStatus { branch, upstream, ahead, .. } = self.repository.status()?;
            Err(self.changes.withhold(Change::Push { branch, upstream, commits: ahead }))
        })
    }
}
