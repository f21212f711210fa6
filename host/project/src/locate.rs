//! Finds the root of the project as git does (`gitrepository-layout(5)`),
//! without starting git.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ProjectError;
use crate::files::ProjectTree;

/// More than any `.git` file holds: one line with a path.
const LINK_BYTES: u64 = 64 * 1024;

/// The canonical path of the nearest folder, from `start` upwards, that holds a
/// git directory or the file that stands for one in worktrees and submodules.
///
/// # Errors
///
/// `NotAProject`, `Bare`, `InsideGit`, `BrokenLink`, or `Unreadable` when
/// `start` does not exist.
pub(super) fn root(start: &Path) -> Result<PathBuf, ProjectError> {
    let start = start
        .canonicalize()
        .map_err(|source| ProjectError::Unreadable { path: start.to_owned(), source })?;
    for folder in start.ancestors() {
        let entry = folder.join(".git");
        if entry.symlink_metadata().is_ok_and(|entry| entry.is_file()) {
            return linked(folder, &entry);
        }
        // A `.git` folder that is no repository is passed by, as git does.
        if is_git_directory(&entry) {
            return Ok(folder.to_owned());
        }
        if is_git_directory(folder)
            && folder.join("objects").is_dir()
            && folder.join("refs").is_dir()
        {
            let path = folder.to_owned();
            return Err(if folder.ends_with(".git") {
                ProjectError::InsideGit { path }
            } else {
                ProjectError::Bare { path }
            });
        }
    }
    Err(ProjectError::NotAProject { start })
}

/// Follows `gitdir: PATH`; a relative path counts from the folder of the file.
fn linked(folder: &Path, file: &Path) -> Result<PathBuf, ProjectError> {
    let bytes = ProjectTree::open(folder)?.read(Path::new(".git"), LINK_BYTES)?;
    let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    let line = text.trim_end_matches(['\r', '\n']);
    match line.strip_prefix("gitdir:").map(str::trim_start) {
        Some(target) if is_git_directory(&folder.join(target)) => Ok(folder.to_owned()),
        _ => Err(ProjectError::BrokenLink {
            file: file.to_owned(),
            target: match line.lines().next() {
                Some(first) => format!("its content is `{first}`"),
                None => "it is empty".to_owned(),
            },
        }),
    }
}

/// HEAD may be a link that points nowhere yet, so it is not followed.
fn is_git_directory(path: &Path) -> bool {
    path.is_dir() && fs::symlink_metadata(path.join("HEAD")).is_ok_and(|head| !head.is_dir())
}
