//! One container by its exact name. Every call that acts on a container comes
//! through here first, and then acts on the id that was checked.
//!
//! API: `GET /containers/{name}/json`.

use std::collections::HashMap;

use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::InspectContainerOptions;

use super::labels::{self, Visibility};
use super::options::Reach;
use super::{ContainerInfo, Containers, ContainersError, convert, engine_errors, policy};

/// A container that this command may see.
pub(super) struct Seen {
    /// The engine's id.
    pub(super) id: String,
    /// What is known about it.
    pub(super) info: ContainerInfo,
    /// Whether and where it can be reached.
    pub(super) reach: Reach,
}

impl Containers {
    /// Everything about one container.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`] also for a container that belongs to
    /// somebody else, and for an id or the beginning of one.
    pub async fn inspect(&self, name: &str) -> Result<ContainerInfo, ContainersError> {
        Ok(self.seen(name).await?.info)
    }

    /// The container of this name, if it may be seen.
    pub(super) async fn seen(&self, name: &str) -> Result<Seen, ContainersError> {
        let not_found = || ContainersError::NotFound { name: name.to_owned() };
        // What cannot be a name must not become part of a URL either.
        policy::check_name(name).map_err(|_| not_found())?;
        let answer = match self
            .engine()
            .await?
            .inspect_container(name, None::<InspectContainerOptions>)
            .await
        {
            Ok(answer) => answer,
            Err(error) if engine_errors::status(&error) == Some(404) => return Err(not_found()),
            Err(error) => return Err(engine_errors::other("inspect a container")(error)),
        };
        // The engine also takes an id, or the beginning of one.
        if answer.name.as_deref().map(|full| full.trim_start_matches('/')) != Some(name) {
            return Err(not_found());
        }
        let network = answer.host_config.as_ref().and_then(|host| host.network_mode.as_deref());
        match self.visibility_of(name, &answer)? {
            Visibility::Foreign => Err(not_found()),
            seen => Ok(Seen {
                id: answer.id.clone().unwrap_or_else(|| name.to_owned()),
                reach: Reach::of(network),
                info: convert::from_inspect(name, answer, seen),
            }),
        }
    }

    /// For whom containers are looked at.
    pub(super) fn owner(&self) -> Result<String, ContainersError> {
        Ok(self.0.scope.key.read()?.owner())
    }

    fn visibility_of(
        &self,
        name: &str,
        answer: &ContainerInspectResponse,
    ) -> Result<Visibility, ContainersError> {
        let no_labels = HashMap::new();
        let labels =
            answer.config.as_ref().and_then(|config| config.labels.as_ref()).unwrap_or(&no_labels);
        let sources = answer.mounts.iter().flatten().filter_map(|mount| mount.source.as_deref());
        Ok(labels::visibility(&self.0.scope, &self.owner()?, name, labels, sources))
    }
}
