//! Every session of a user on an engine, of whatever provider and project: for who takes a
//! provider away, and for who looks for sessions that no command shows any more.
//! No provider can ask this.
//!
//! API: `GET /containers/json`, `GET /version`.

use std::path::PathBuf;

use bollard::Docker;
use bollard::query_parameters::ListContainersOptions;

use super::labels::{self, Visibility};
use super::{EngineSettings, Scope, connect, examine};
use crate::files::session_key::KeyFile;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// The sessions, in every state, newest first.
    pub sessions: Vec<Resident>,
    /// Whether the engine is Podman.
    pub podman: bool,
}

/// A session's container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// The identity of its provider.
    pub provider: String,
    /// Its name.
    pub name: String,
    /// The identity of its project.
    pub project: String,
    /// The folders that it mounts; its project is one of them, unless it has a copy.
    pub folders: Vec<PathBuf>,
}

/// The sessions of the user with this key on the engine of this machine; none when
/// there is none, or it does not answer. The caller sets the deadline.
pub async fn census_here(settings: &EngineSettings, key: &KeyFile) -> Option<Census> {
    census(&connect::connect_locally(settings).await?, key).await.ok()
}

/// The sessions on this engine of the user with this key; of nobody without one.
pub(super) async fn census(
    engine: &Docker,
    key: &KeyFile,
) -> Result<Census, bollard::errors::Error> {
    let owner = key.read().map(|key| key.owner()).unwrap_or_default();
    let filters = [("label".to_owned(), vec![format!("{}={owner}", labels::OWNER)])].into();
    let options = ListContainersOptions { all: true, filters: Some(filters), ..Default::default() };
    let (rows, version) =
        tokio::try_join!(engine.list_containers(Some(options)), engine.version())?;
    let mut sessions = Vec::new();
    for row in rows {
        let Some(name) = row.names.iter().flatten().find_map(|name| name.strip_prefix('/')) else {
            continue;
        };
        let labels = row.labels.clone().unwrap_or_default();
        let label = |key: &str| labels.get(key).cloned().unwrap_or_default();
        let provider = label(labels::PROVIDER);
        let (project, key) = (None, key.clone());
        let scope = Scope { provider: provider.clone(), project, legacy: false, key };
        if labels::visibility(&scope, &owner, name, &labels, [].into_iter()) != Visibility::Own {
            continue;
        }
        let folders = row.mounts.iter().flatten().filter_map(|mount| mount.source.as_ref());
        sessions.push(Resident {
            provider,
            name: name.to_owned(),
            project: label(labels::PROJECT),
            folders: folders.map(PathBuf::from).collect(),
        });
    }
    Ok(Census { sessions, podman: examine::podman_version(&version).is_some() })
}
