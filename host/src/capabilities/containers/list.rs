//! The containers a command is about: one request, whatever the number.
//!
//! API: `GET /containers/json`.

use bollard::query_parameters::ListContainersOptions;

use super::labels::{self, Visibility};
use super::{ContainerInfo, Containers, ContainersError, convert, engine_errors};

impl Containers {
    /// All visible containers, in every state, newest first.
    ///
    /// # Errors
    ///
    /// When no engine answers.
    pub async fn list(&self) -> Result<Vec<ContainerInfo>, ContainersError> {
        let scope = &self.0.scope;
        let options = ListContainersOptions {
            all: true,
            filters: Some(labels::filters(scope)),
            ..ListContainersOptions::default()
        };
        let rows = self
            .engine()
            .await?
            .list_containers(Some(options))
            .await
            .map_err(engine_errors::other("list containers"))?;
        let mut visible = Vec::with_capacity(rows.len());
        for row in rows {
            // Links add names with a second slash.
            let Some(name) = row
                .names
                .iter()
                .flatten()
                .filter_map(|name| name.strip_prefix('/'))
                .find(|name| !name.contains('/'))
                .map(str::to_owned)
            else {
                continue;
            };
            let no_labels = std::collections::HashMap::new();
            let sources = row.mounts.iter().flatten().filter_map(|mount| mount.source.as_deref());
            let labels = row.labels.as_ref().unwrap_or(&no_labels);
            match labels::visibility(scope, &name, labels, sources) {
                Visibility::Foreign => {}
                seen => visible.push(convert::from_summary(name, row, seen)),
            }
        }
        Ok(visible)
    }
}
