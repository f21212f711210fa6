//! A project that was copied to another machine, and what comes back.
//!
//! What is copied is what git knows or would add (tracked and untracked files,
//! not the ignored ones) and the repository itself, so that commits can be made
//! there. Not `.dockerignore`: that is about what an image is built from, and
//! usually leaves out the repository and the data.
//!
//! What comes back is decided by three states of every file: as it was copied
//! (`Snapshot`, kept beside the copy), as it is there, as it is here.

mod apply;
mod changes;
mod commits;
mod snapshot;

pub(crate) use apply::apply;
#[cfg(test)]
use changes::Change;
pub(crate) use changes::Changes;
pub(crate) use commits::{Brought, bring as bring_commits};
pub(crate) use snapshot::Snapshot;

use std::path::{Path, PathBuf};

use super::error::ProjectError;
use super::git;

/// The folder of the repository, which is no file of the project.
const REPOSITORY: &str = ".git";

/// What is copied of the project at `root`, relative to it, folders before what
/// is in them.
///
/// # Errors
///
/// When git fails, or a folder of the repository cannot be read.
pub(crate) fn paths(root: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    let mut all = std::collections::BTreeSet::new();
    for file in files(root)? {
        for folder in file.ancestors().skip(1) {
            if !folder.as_os_str().is_empty() {
                all.insert(folder.to_owned());
            }
        }
        all.insert(file);
    }
    // In a linked worktree it is a file that points to another folder: the copy
    // is then a project without a repository.
    if root.join(REPOSITORY).is_dir() {
        let mut waiting = vec![PathBuf::from(REPOSITORY)];
        while let Some(folder) = waiting.pop() {
            let here = root.join(&folder);
            let unreadable = |source| ProjectError::Unreadable { path: here.clone(), source };
            for entry in std::fs::read_dir(&here).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let path = folder.join(entry.file_name());
                if entry.file_type().map_err(unreadable)?.is_dir() {
                    waiting.push(path);
                } else {
                    all.insert(path);
                }
            }
            all.insert(folder);
        }
    }
    Ok(all.into_iter().collect())
}

/// The files that git knows or would add.
pub(super) fn files(root: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    use std::os::unix::ffi::OsStrExt as _;
    let output =
        git::output(root, &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    Ok(output
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .map(|path| PathBuf::from(std::ffi::OsStr::from_bytes(path)))
        .collect())
}

#[cfg(test)]
mod tests;
