//! The sessions there are.

use renku_session_sdk::containers::{self, Container, ContainerState};
use renku_session_sdk::{Result, Session};

use crate::session;

/// All sessions of the command's project (of all projects, when it has none).
///
/// # Errors
///
/// When the engine cannot be asked. A broken container hides no other.
pub(crate) fn sessions() -> Result<Vec<Session>> {
    Ok(containers::list_containers()?.into_iter().map(describe).collect())
}

/// A list does not say how a container ended, so those are asked once more; one
/// that is gone by then is described as it was.
fn describe(listed: Container) -> Session {
    let ended = matches!(listed.state(), ContainerState::Exited | ContainerState::Dead);
    let inspected = ended.then(|| containers::inspect(&listed.name()).ok()).flatten();
    session::describe(inspected.as_ref().unwrap_or(&listed))
}
