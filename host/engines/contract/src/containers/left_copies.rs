//! Copies of projects whose sessions are gone: a stop that was interrupted between the
//! container and its volume, or a start that was killed, leaves a volume that no session
//! has. Its labels say whose it is.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::driver::{Driver, Filter};
use crate::policy::{labels, volume_of};
use crate::{Containers, ContainersError, LeftCopy};

/// A start makes the volume a moment before the container that has it.
const START: Duration = Duration::from_millis(700);

/// The copies of the user `owner` that no container has, by name; of one project where
/// one is given.
///
/// # Errors
///
/// When the engine does not answer.
pub(crate) async fn left_copies(
    driver: &dyn Driver,
    owner: &str,
    project: Option<&str>,
) -> Result<Vec<LeftCopy>, ContainersError> {
    let own = Filter::none().with(labels::OWNER, owner);
    let own = match project {
        Some(project) => own.with(labels::PROJECT, project),
        None => own,
    };
    // Before the containers: a session that starts meanwhile has both.
    let volumes = driver.volumes(&own).await?;
    let copies = volumes.into_iter().filter_map(|volume| {
        let label = |key: &str| volume.labels.get(key).cloned().unwrap_or_default();
        let (session, project) = (label(labels::NAME), label(labels::PROJECT));
        let is_copy = !session.is_empty() && volume.name == volume_of(&session);
        is_copy.then_some(LeftCopy { session, project })
    });
    let mut copies: Vec<LeftCopy> = copies.collect();
    if copies.is_empty() {
        return Ok(copies);
    }
    let containers = driver.list(&Filter::none()).await?;
    let names: BTreeSet<&str> = containers.iter().map(|it| it.container.name.as_str()).collect();
    copies.retain(|copy| !names.contains(copy.session.as_str()));
    copies.sort();
    Ok(copies)
}

impl Containers {
    /// The copies of this project, or of all where the handle is for no project, whose
    /// sessions are gone.
    ///
    /// # Errors
    ///
    /// When the engine does not answer; `Key`.
    pub async fn left_copies(&self) -> Result<Vec<LeftCopy>, ContainersError> {
        let project = self.0.scope.project.as_ref().map(|project| project.id.as_str());
        left_copies(self.0.driver.as_ref(), &self.owner()?, project).await
    }

    /// Removes such copies, but for those that have a session now.
    ///
    /// # Errors
    ///
    /// When the engine does not answer.
    pub async fn remove_left_copies(&self, copies: &[LeftCopy]) -> Result<(), ContainersError> {
        if copies.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(START).await;
        let now = self.left_copies().await?;
        for copy in copies.iter().filter(|copy| now.contains(copy)) {
            self.0.driver.remove_copy(&copy.session).await?;
        }
        Ok(())
    }
}
