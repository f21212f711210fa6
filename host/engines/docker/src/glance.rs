//! A quick look at the sessions of a project, for completion: no policy is asked
//! because nothing is done, and no engine but one of this machine is.

use bollard::query_parameters::ListContainersOptions;
use futures_util::future::join;

use super::labels::{self, Visibility};
use super::{ContainerState, EngineSettings, ProjectScope, Scope, connect, convert};
use crate::files::session_key::KeyFile;

/// A session's container, seen from afar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Whose it is.
    pub provider: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: ContainerState,
}

/// The containers that are sessions of `project` and of the user with this key, of
/// whatever provider, newest first. Empty when there is no engine on this machine,
/// or it does not answer; an engine elsewhere is not asked. The caller sets the
/// deadline.
pub async fn glance(settings: &EngineSettings, project: &ProjectScope, key: &KeyFile) -> Vec<Seen> {
    let Ok(owner) = key.read().map(|key| key.owner()) else { return Vec::new() };
    let Some(engine) = connect::connect_locally(settings).await else { return Vec::new() };
    let ours = format!("{}={}", labels::PROJECT, project.id);
    let list = |label: String| {
        engine.list_containers(Some(ListContainersOptions {
            all: true,
            filters: Some([("label".to_owned(), vec![label])].into()),
            ..ListContainersOptions::default()
        }))
    };
    let (ours, legacy) = join(list(ours), list(labels::LEGACY_PROJECT.to_owned())).await;
    let mut seen: Vec<Seen> = Vec::new();
    for row in ours.into_iter().chain(legacy).flatten() {
        let Some(name) = row.names.iter().flatten().find_map(|name| name.strip_prefix('/')) else {
            continue;
        };
        let labels = row.labels.clone().unwrap_or_default();
        let provider = labels.get(labels::PROVIDER).map_or("docker", String::as_str);
        let scope = Scope {
            provider: provider.into(),
            project: Some(project.clone()),
            legacy: true,
            key: key.clone(),
        };
        let sources = row.mounts.iter().flatten().filter_map(|mount| mount.source.as_deref());
        let visibility = labels::visibility(&scope, &owner, name, &labels, sources);
        if visibility == Visibility::Foreign || seen.iter().any(|other| other.name == name) {
            continue;
        }
        let (provider, name) = (provider.to_owned(), name.to_owned());
        let state = convert::from_summary(name.clone(), row, visibility).state;
        seen.push(Seen { provider, name, state });
    }
    seen
}
