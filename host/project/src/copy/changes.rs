//! What a session changed, and where that meets changes made here.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::snapshot::{Snapshot, state_of};
use super::{in_the_way, tree};

/// One file that differs from what was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub path: PathBuf,
    /// Whether the session removed it.
    pub removed: bool,
    /// What was changed here as well, and would be overwritten: the file itself, or
    /// what is here instead of one of its folders.
    pub conflict: Option<PathBuf>,
}

/// All of them, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(pub Vec<Change>);

impl Changes {
    /// What changed from `copied` to `there`, compared with the folder `here`.
    ///
    /// # Errors
    ///
    /// When a file here cannot be read.
    pub fn between(copied: &Snapshot, there: &Snapshot, here: &Path) -> io::Result<Self> {
        let here = tree(here)?;
        let paths: BTreeSet<_> = copied.0.keys().chain(there.0.keys()).collect();
        let mut changes = Vec::new();
        for path in paths {
            let (before, after) = (copied.0.get(path), there.0.get(path));
            if before == after {
                continue;
            }
            let conflict = match in_the_way(&here, path)? {
                // Nothing below it is of the project.
                Some(_) if after.is_none() => continue,
                Some(other) => {
                    let now = state_of(&here, &other)?;
                    // The session made a folder of what it was given, or it is news.
                    let given = now.is_some() && now.as_ref() == copied.0.get(&other);
                    (!given).then_some(other)
                }
                None => {
                    let now = state_of(&here, path)?;
                    if now.as_ref() == after {
                        // It is here already.
                        continue;
                    }
                    (now.as_ref() != before).then(|| path.clone())
                }
            };
            changes.push(Change { path: path.clone(), removed: after.is_none(), conflict });
        }
        Ok(Self(changes))
    }

    /// What would overwrite a change made here.
    pub fn conflicts(&self) -> BTreeSet<&Path> {
        self.0.iter().filter_map(|change| change.conflict.as_deref()).collect()
    }

    /// What is to be removed here, when that is so much that it should be asked
    /// for: nothing else is brought, or most of the `copied` files go.
    pub fn many_removed(&self, copied: &Snapshot) -> BTreeSet<&Path> {
        let removed = self.0.iter().filter(|change| change.removed);
        let removed: BTreeSet<_> = removed.map(|change| change.path.as_path()).collect();
        let many = removed.len() == self.0.len() || removed.len() * 2 > copied.0.len();
        if many { removed } else { BTreeSet::new() }
    }
}
