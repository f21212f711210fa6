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
mod archive;
mod changes;
mod commits;
mod snapshot;

pub use apply::apply;
pub use archive::Archive;
#[cfg(test)]
use changes::Change;
pub use changes::Changes;
pub use commits::Brought;
pub(super) use commits::bring as bring_commits;
pub use snapshot::Snapshot;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::error::ProjectError;
use super::git::Repository;
use crate::files::ProjectTree;
use crate::files::below::{Entry, Kind, Reach};

/// The folder of the repository, which is no file of the project.
const REPOSITORY: &str = ".git";

/// What is copied of the project, relative to its root, folders before what is in
/// them.
///
/// # Errors
///
/// When git fails, or a folder of the repository cannot be read.
pub(super) fn paths(repository: &Repository) -> Result<Vec<PathBuf>, ProjectError> {
    let root = repository.root();
    let mut all = std::collections::BTreeSet::new();
    for file in files(repository)? {
        for folder in file.ancestors().skip(1) {
            if !folder.as_os_str().is_empty() {
                all.insert(folder.to_owned());
            }
        }
        all.insert(file);
    }
    // In a linked worktree it is a file that points to another folder: the copy
    // is then a project without a repository.
    let mut collect = |entry: &Entry, _: &()| {
        let is_repository = entry.path().starts_with(REPOSITORY);
        if is_repository
            && (entry.seen().kind == Kind::Folder || entry.path() != Path::new(REPOSITORY))
        {
            all.insert(entry.path().to_owned());
        }
        Ok(is_repository.then_some(()))
    };
    ProjectTree::open(root)?.walk((), &mut collect)?;
    Ok(all.into_iter().collect())
}

/// The files that git knows or would add.
pub(super) fn files(repository: &Repository) -> Result<Vec<PathBuf>, ProjectError> {
    use std::os::unix::ffi::OsStrExt as _;
    let copy = repository.copy_with_index()?;
    let output = copy.output(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    Ok(output
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .map(|path| PathBuf::from(OsStr::from_bytes(path)))
        .collect())
}

/// The repository that a path belongs to, the project's own or one inside of it:
/// the path up to its folder (or file, of a submodule). git reads settings and
/// programs from there, which a session must not choose.
fn repository_of(path: &Path) -> Option<&Path> {
    path.ancestors().filter(|path| path.file_name().is_some_and(is_repository)).last()
}

/// As git decides it: also what some file system takes for the same name.
fn is_repository(name: &OsStr) -> bool {
    let is_ignored = |c: char| matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let name: String = name.to_string_lossy().chars().filter(|c| !is_ignored(*c)).collect();
    [REPOSITORY, "git~1"].iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// The files of a project, for who reports what the system says.
fn tree(root: &Path) -> io::Result<ProjectTree> {
    ProjectTree::open(root).map_err(io::Error::other)
}

/// What is in the way of a path of the project here: the first of its folders
/// that is something else, such as a link.
///
/// # Errors
///
/// When that cannot be found out.
fn in_the_way(tree: &ProjectTree, path: &Path) -> io::Result<Option<PathBuf>> {
    match tree.reach(path.parent().unwrap_or(Path::new("")))? {
        Reach::InTheWay(other) => Ok(Some(other)),
        Reach::Folder(_) | Reach::Missing => Ok(None),
    }
}

#[cfg(test)]
mod tests;
