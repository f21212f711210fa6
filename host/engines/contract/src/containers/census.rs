//! Every session of a user on an engine, of whatever provider and project: for who takes a
//! provider away, and for who looks for sessions that no command shows any more.
//! No provider can ask this.

use std::path::PathBuf;

use super::left_copies::left_copies;
use crate::domain::EngineCommand;
use crate::driver::{Driver, Filter};
use crate::files::session_key::KeyFile;
use crate::policy::labels;
use crate::{ContainersError, LeftCopy};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// The sessions, in every state, newest first.
    pub sessions: Vec<Resident>,
    /// Copies of projects whose sessions are gone.
    pub left_copies: Vec<LeftCopy>,
}

/// A session's container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// The label of its provider.
    pub provider: String,
    pub name: String,
    /// The identity of its project.
    pub project: String,
    /// The folders that it mounts; its project is one of them, unless it has a copy.
    pub folders: Vec<PathBuf>,
    /// The command that removes it without its provider, up to its name.
    pub removal: String,
}

/// The sessions on this engine of the user with this key; of nobody without one.
///
/// # Errors
///
/// When the engine does not answer.
pub async fn census(driver: &dyn Driver, key: &KeyFile) -> Result<Census, ContainersError> {
    let owner = key.read().map(|key| key.owner()).unwrap_or_default();
    let filter = Filter::none().with(labels::OWNER, owner.as_str());
    let copies = left_copies(driver, &owner, None);
    let (found, commands, copies) = tokio::join!(driver.list(&filter), driver.commands(), copies);
    let mut sessions = Vec::new();
    for found in found? {
        let label = |key: &str| found.labels.get(key).cloned().unwrap_or_default();
        if !labels::is_session_of(&owner, &found, None) {
            continue;
        }
        sessions.push(Resident {
            provider: label(labels::PROVIDER),
            project: label(labels::PROJECT),
            folders: found.mounts.iter().map(PathBuf::from).collect(),
            name: found.container.name,
            removal: commands.line(EngineCommand::RemoveContainers).unwrap_or_default(),
        });
    }
    Ok(Census { sessions, left_copies: copies? })
}
