//! Removes what this command created: after a trap, a failure or an interrupt,
//! without the provider.

use std::time::Duration;

use crate::driver::ContainerRef;
use crate::{ContainerState, Containers, ContainersError, ProjectFiles};

/// How long a create request that is under way is waited for.
const ANSWER: Duration = Duration::from_secs(5);

/// What has the name of a container that was asked for, without a clear answer.
enum Unanswered {
    Ours(ContainerRef),
    OfSomebodyElse,
    Nothing,
}

fn unsettled() -> ContainersError {
    ContainersError::Engine {
        action: "create the container",
        message: format!("it has not answered for {} s", ANSWER.as_secs()),
    }
}

impl Containers {
    /// The containers that this handle and its clones created and did not
    /// stop, ascending.
    #[must_use]
    pub fn created(&self) -> Vec<String> {
        self.0.ledger.names()
    }

    /// Whether this handle and its clones left nothing that
    /// [`Containers::remove_created`] would remove.
    #[must_use]
    pub fn left_nothing(&self) -> bool {
        self.0.ledger.is_empty()
    }

    /// Removes all of [`Containers::created`], running or not, and what a build
    /// that was interrupted left. Waits for a
    /// create request that is still under way. Nothing created: nothing done,
    /// and no engine is looked for.
    ///
    /// Returns what could not be removed and why; empty when all is gone.
    pub async fn remove_created(&self) -> Vec<ContainersError> {
        let mut errors = Vec::new();
        if self.left_nothing() {
            return errors;
        }
        self.remove_step_images().await;
        for name in self.created() {
            errors.extend(self.remove_one_created(&name).await.err());
        }
        errors
    }

    pub(crate) async fn remove_one_created(&self, name: &str) -> Result<(), ContainersError> {
        let Some(entry) = self.0.ledger.get(name) else { return Ok(()) };
        let settled = tokio::time::timeout(ANSWER, entry.settled()).await.is_ok();
        // Read again: the answer may have come meanwhile.
        let Some(entry) = self.0.ledger.get(name) else { return Ok(()) };
        let found = match entry.id {
            Some(id) => Unanswered::Ours(ContainerRef { id, name: name.to_owned() }),
            None => self.unanswered(name).await?,
        };
        let is_nothing = matches!(found, Unanswered::Nothing);
        match found {
            Unanswered::Ours(container) => self.0.driver.remove(&container).await?,
            Unanswered::Nothing => {}
            // The volume is that container's, too.
            Unanswered::OfSomebodyElse => {
                self.0.ledger.forget(name);
                return Ok(());
            }
        }
        let project = self.0.scope.project.as_ref();
        if project.is_some_and(|project| matches!(project.files, ProjectFiles::Copied(_))) {
            self.0.driver.remove_copy(name).await?;
        }
        if is_nothing && !settled {
            // The engine may still be about to make it: it stays on the list.
            return Err(unsettled());
        }
        self.0.ledger.forget(name);
        Ok(())
    }

    /// The engine did not answer, or said that it failed. What carries our labels and
    /// never ran can only come from that request.
    async fn unanswered(&self, name: &str) -> Result<Unanswered, ContainersError> {
        match self.seen(name).await {
            Ok(seen) if seen.info.state == ContainerState::Created => {
                Ok(Unanswered::Ours(seen.container))
            }
            Ok(_) => Ok(Unanswered::OfSomebodyElse),
            Err(ContainersError::NotFound { .. }) => Ok(Unanswered::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Removes what a build that did not end well left: images without a name,
    /// the newest first, because it stands on the others.
    pub(crate) async fn remove_step_images(&self) {
        for id in self.0.ledger.take_step_images().iter().rev() {
            // The ones below may be of an earlier build, which is no leftover.
            if let Err(error) = self.0.driver.remove_image(id, true).await {
                tracing::debug!("image `{id}` was not removed: {error}");
            }
        }
    }
}
