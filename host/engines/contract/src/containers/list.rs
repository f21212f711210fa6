//! The containers a command is about: one request, whatever the number.

use super::seen;
use crate::policy::labels::{self, Visibility};
use crate::{ContainerInfo, Containers, ContainersError};

/// More than anybody has, and less than what ends a provider that is handed them.
const MOST: usize = 5_000;

impl Containers {
    /// All visible containers, in every state, newest first. Of more than 5000 the newest;
    /// how many are left out is reported.
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
        let mut visible: Vec<ContainerInfo> = visible.collect();
        let left_out = visible.len().saturating_sub(MOST);
        if left_out > 0 {
            visible.truncate(MOST);
            self.0.reporter.message(&format!(
                "warning: {left_out} sessions are left out: a list has the newest {MOST}"
            ));
        }
        Ok(visible)
    }
}
