//! What a session changed, and where that meets changes made here.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::snapshot::{Snapshot, state_of};

/// One file that differs from what was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// Which one.
    pub(crate) path: PathBuf,
    /// Whether the session removed it.
    pub(crate) removed: bool,
    /// Whether it was changed here as well, to something else.
    pub(crate) conflict: bool,
}

/// All of them, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes(pub(crate) Vec<Change>);

impl Changes {
    /// What changed from `copied` to `there`, compared with the folder `here`.
    ///
    /// # Errors
    ///
    /// When a file here cannot be read.
    pub(crate) fn between(copied: &Snapshot, there: &Snapshot, here: &Path) -> io::Result<Self> {
        let paths: BTreeSet<_> = copied.0.keys().chain(there.0.keys()).collect();
        let mut changes = Vec::new();
        for path in paths {
            let (before, after) = (copied.0.get(path), there.0.get(path));
            if before == after {
                continue;
            }
            let now = state_of(&here.join(path))?;
            if now.as_ref() == after {
                // It is here already.
                continue;
            }
            changes.push(Change {
                path: path.clone(),
                removed: after.is_none(),
                conflict: now.as_ref() != before,
            });
        }
        Ok(Self(changes))
    }

    /// Those that would overwrite a change made here.
    pub(crate) fn conflicts(&self) -> Vec<&Path> {
        self.0.iter().filter(|change| change.conflict).map(|change| change.path.as_path()).collect()
    }
}
