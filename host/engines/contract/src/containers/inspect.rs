//! One container by its exact name. Every call that acts on a container comes
//! through here first, and then acts on the id that was checked.

use super::seen;
use crate::driver::{ContainerRef, Found};
use crate::options::Reach;
use crate::policy::labels::{self, Visibility};
use crate::{ContainerInfo, Containers, ContainersError, policy};

/// A container that this command may see.
pub(crate) struct Seen {
    pub(crate) container: ContainerRef,
    /// What is known about it.
    pub(crate) info: ContainerInfo,
    /// Whether and where it can be reached.
    pub(crate) reach: Reach,
}

impl Containers {
    /// Everything about one container.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`] also for a container that belongs to
    /// somebody else, and for an id or the beginning of one.
    pub async fn inspect(&self, name: &str) -> Result<ContainerInfo, ContainersError> {
        let mut info = self.seen(name).await?.info;
        if let Some(server) = self.0.ledger.server(name) {
            info.labels.insert(labels::SERVER.to_owned(), server);
        }
        Ok(info)
    }

    /// The container of this name, if it may be seen.
    pub(crate) async fn seen(&self, name: &str) -> Result<Seen, ContainersError> {
        let not_found = || ContainersError::NotFound { name: name.to_owned() };
        // What cannot be a name must not become part of a URL either.
        policy::check_name(name).map_err(|_| not_found())?;
        let found = self.0.driver.inspect(name).await?.ok_or_else(not_found)?;
        // The engine also takes an id, or the beginning of one.
        if found.container.name != name {
            return Err(not_found());
        }
        match self.visibility_of(&found)? {
            Visibility::Foreign => Err(not_found()),
            visibility => Ok(Seen {
                container: found.container.clone(),
                reach: found.reach,
                info: seen::info(found, visibility),
            }),
        }
    }

    /// For whom containers are looked at.
    pub(crate) fn owner(&self) -> Result<String, ContainersError> {
        Ok(self.0.scope.key.read()?.owner())
    }

    fn visibility_of(&self, found: &Found) -> Result<Visibility, ContainersError> {
        Ok(labels::visibility(&self.0.scope, &self.owner()?, found))
    }
}
