//! A quick look at the sessions of a project, for completion: no policy is asked
//! because nothing is done, and no engine but one of this machine is.

use crate::domain::Identity;
use crate::driver::{Driver, Filter};
use crate::files::session_key::KeyFile;
use crate::policy::labels::{self, Visibility};
use crate::{ContainerState, ProjectScope, Scope};

/// A session's container, seen from afar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glimpse {
    /// Whose it is: the label of its provider.
    pub provider: String,
    pub name: String,
    pub state: ContainerState,
}

/// The containers that are sessions of `project` and of the user with this key, of
/// whatever provider, newest first; those of the Python `renku` are of the provider
/// `legacy`. Empty when the engine does not answer.
pub async fn glance(
    driver: &dyn Driver,
    project: &ProjectScope,
    key: &KeyFile,
    legacy: &str,
) -> Vec<Glimpse> {
    let Ok(owner) = key.read().map(|key| key.owner()) else { return Vec::new() };
    let ours = Filter::none().with(labels::PROJECT, &project.id);
    let theirs = Filter::none().with_any(labels::LEGACY_PROJECT);
    let (ours, theirs) = tokio::join!(driver.list(&ours), driver.list(&theirs));
    let scope = Scope {
        provider: Identity::named(legacy),
        project: Some(project.clone()),
        legacy: true,
        key: key.clone(),
    };
    let mut seen: Vec<Glimpse> = Vec::new();
    for found in ours.into_iter().chain(theirs).flatten() {
        let provider = found.labels.get(labels::PROVIDER).map_or(legacy, String::as_str).to_owned();
        let is_seen = labels::is_session_of(&owner, &found, Some(project))
            || labels::visibility(&scope, &owner, &found) == Visibility::Legacy;
        if is_seen && seen.iter().all(|other| other.name != found.container.name) {
            seen.push(Glimpse { provider, name: found.container.name, state: found.state });
        }
    }
    seen
}
