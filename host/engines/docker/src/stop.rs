//! Stop, pause and resume.
//!
//! API: `POST /containers/{id}/stop`, `…/pause`, `…/unpause`.

use std::time::Duration;

use bollard::query_parameters::StopContainerOptions;

use super::{ContainerState, Containers, ContainersError, copy, engine_errors, labels};

impl Containers {
    /// Stops a container (SIGTERM, after `grace_seconds` SIGKILL) and removes
    /// it. One that has ended is removed.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`] for what this command may not see.
    pub async fn stop(&self, name: &str, grace_seconds: u32) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        let docker = self.engine().await?;
        if seen.info.state == ContainerState::Paused {
            // Not every engine delivers a signal to a frozen program; one that
            // does thaws it itself, so a refusal does not matter.
            let _ = docker.unpause_container(&seen.id).await;
        }
        if !matches!(
            seen.info.state,
            ContainerState::Created | ContainerState::Exited | ContainerState::Dead
        ) {
            let grace = i32::try_from(grace_seconds).unwrap_or(i32::MAX);
            let options = StopContainerOptions { t: Some(grace), signal: None };
            // The engine answers when the program has ended.
            let patience = Duration::from_secs(u64::from(grace_seconds) + 60);
            match docker
                .clone()
                .with_timeout(patience)
                .stop_container(&seen.id, Some(options))
                .await
            {
                Ok(()) => {}
                Err(error) if engine_errors::status(&error) == Some(404) => {}
                Err(error) => return Err(engine_errors::other("stop the container")(error)),
            }
        }
        self.remove(&seen.id).await?;
        if labels::copy_of(&seen.info.labels).is_some() {
            copy::remove_volume(docker, name).await?;
        }
        self.0.ledger.forget(name);
        Ok(())
    }

    /// Freezes a container.
    ///
    /// # Errors
    ///
    /// [`ContainersError::WrongState`] for one that does not run.
    pub async fn pause(&self, name: &str) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        let result = self.engine().await?.pause_container(&seen.id).await;
        result.map_err(|error| wrong_state(name, "paused", error))
    }

    /// Thaws a container.
    ///
    /// # Errors
    ///
    /// [`ContainersError::WrongState`] for one that is not frozen.
    pub async fn resume(&self, name: &str) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        let result = self.engine().await?.unpause_container(&seen.id).await;
        result.map_err(|error| wrong_state(name, "resumed", error))
    }
}

/// Docker answers 409 or, like Podman, 500; both with a sentence about the state.
fn wrong_state(name: &str, action: &'static str, error: bollard::errors::Error) -> ContainersError {
    let message = engine_errors::message(&error);
    match engine_errors::status(&error) {
        Some(404) => ContainersError::NotFound { name: name.to_owned() },
        Some(409 | 500) => ContainersError::WrongState { name: name.to_owned(), action, message },
        _ => engine_errors::other("change the container")(error),
    }
}
