//! The containers a command is about: one request, whatever the number.

use super::seen;
use crate::policy::labels::{self, Visibility};
use crate::{ContainerInfo, Containers, ContainersError};

impl Containers {
    /// All visible containers, in every state, newest first.
    ///
    /// # Errors
    ///
    /// When no engine answers.
    pub async fn list(&self) -> Result<Vec<ContainerInfo>, ContainersError> {
        let scope = &self.0.scope;
        let owner = self.owner()?;
        let found = self.0.driver.list(&labels::filter(scope, &owner)).await?;
        let visible =
            found.into_iter().filter_map(|found| match labels::visibility(scope, &owner, &found) {
                Visibility::Foreign => None,
                visibility => Some(seen::info(found, visibility)),
            });
        Ok(visible.collect())
    }
}
