//! Stop, pause and resume.

use crate::policy::labels;
use crate::{ContainerState, Containers, ContainersError};

impl Containers {
    /// Stops a container (SIGTERM, after `grace_seconds` SIGKILL) and removes
    /// it. One that has ended is removed.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`] for what this command may not see.
    pub async fn stop(&self, name: &str, grace_seconds: u32) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        let driver = &self.0.driver;
        if seen.info.state == ContainerState::Paused {
            // Not every engine delivers a signal to a frozen program; one that
            // does thaws it itself, so a refusal does not matter.
            let _ = driver.resume(&seen.container).await;
        }
        if !matches!(
            seen.info.state,
            ContainerState::Created | ContainerState::Exited | ContainerState::Dead
        ) {
            driver.stop(&seen.container, grace_seconds).await?;
        }
        driver.remove(&seen.container).await?;
        if labels::copy_of(&seen.info.labels).is_some() {
            driver.remove_copy(name).await?;
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
        self.0.driver.pause(&seen.container).await
    }

    /// Thaws a container, or starts one again whose program has ended, with what is in it.
    ///
    /// # Errors
    ///
    /// [`ContainersError::WrongState`] for one that runs.
    pub async fn resume(&self, name: &str) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        match seen.info.state {
            ContainerState::Exited => self.0.driver.start_again(&seen.container).await,
            _ => self.0.driver.resume(&seen.container).await,
        }
    }
}
