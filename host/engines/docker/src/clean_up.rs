//! Removes what this command created: after a trap, a failure or an interrupt,
//! without the provider.
//!
//! API: `DELETE /containers/{id}`.

use bollard::query_parameters::RemoveContainerOptions;

use super::{ContainerState, Containers, ContainersError, ProjectFiles, copy, engine_errors};

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

    pub(super) async fn remove_one_created(&self, name: &str) -> Result<(), ContainersError> {
        let Some(entry) = self.0.ledger.get(name) else { return Ok(()) };
        entry.settled().await;
        // Read again: the answer may have come meanwhile.
        let Some(entry) = self.0.ledger.get(name) else { return Ok(()) };
        let id = match entry.id {
            Some(id) => Some(id),
            None => self.unanswered(name).await?,
        };
        if let Some(id) = id {
            self.remove(&id).await?;
        }
        let project = self.0.scope.project.as_ref();
        if project.is_some_and(|project| matches!(project.files, ProjectFiles::Copied(_))) {
            copy::remove_volume(self.engine().await?, name).await?;
        }
        self.0.ledger.forget(name);
        Ok(())
    }

    /// The connection broke before the engine answered. What carries our
    /// labels and never ran can only come from that request.
    async fn unanswered(&self, name: &str) -> Result<Option<String>, ContainersError> {
        match self.seen(name).await {
            Ok(seen) if seen.info.state == ContainerState::Created => Ok(Some(seen.id)),
            Ok(_) | Err(ContainersError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a container whatever its state, with its anonymous volumes. One
    /// that is gone already is fine.
    pub(super) async fn remove(&self, id: &str) -> Result<(), ContainersError> {
        let options = RemoveContainerOptions { force: true, v: true, ..Default::default() };
        match self.engine().await?.remove_container(id, Some(options)).await {
            Ok(()) => Ok(()),
            Err(error) if engine_errors::status(&error) == Some(404) => Ok(()),
            // Somebody else (`docker run --rm`) is removing it.
            Err(error) if engine_errors::status(&error) == Some(409) => self.wait_gone(id).await,
            Err(error) => Err(engine_errors::other("remove the container")(error)),
        }
    }

    async fn wait_gone(&self, id: &str) -> Result<(), ContainersError> {
        use std::time::Duration;
        const PATIENCE: Duration = Duration::from_secs(10);
        const PAUSE: Duration = Duration::from_millis(20);
        let docker = self.engine().await?;
        let gone = async {
            loop {
                match docker.inspect_container(id, None).await {
                    Err(error) if engine_errors::status(&error) == Some(404) => return,
                    _ => tokio::time::sleep(PAUSE).await,
                }
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.map_err(|_| ContainersError::Engine {
            action: "remove the container",
            message: format!("it is still there after {} s", PATIENCE.as_secs()),
        })
    }
}
