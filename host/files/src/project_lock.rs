//! The lock of a project's files that several commands change: its settings and its
//! lock of providers.
//!
//! They give no authority, so whose they are does not matter. Beside them nothing of
//! ours may lie, because `git add -A` would take it: what is locked is the
//! project's folder itself.

use std::path::Path;

use crate::below::{ProjectTree, Reach};
use crate::error::FileError;
use crate::lock::{Lock, hold_folder};

/// The folder of a project that has our files, beside the root.
const OURS: &str = ".renku";

/// Waits until no other command changes files of a project, and sweeps what killed
/// ones left.
///
/// # Errors
///
/// When another one has the lock for too long, or there are no locks.
pub fn lock_project(project: &ProjectTree) -> Result<Lock, FileError> {
    let reached = |path: &str| match project.reach(Path::new(path)) {
        Ok(Reach::Folder(folder)) => Ok(Some(folder)),
        Ok(_) => Ok(None),
        Err(error) => Err(FileError::unusable(project.path(), error)),
    };
    let missing = || FileError::unusable(project.path(), rustix::io::Errno::NOENT);
    let root = reached("")?.ok_or_else(missing)?;
    let lock = hold_folder(&root, project.path())?;
    // One behind a link could be out of the project.
    if let Ok(Some(folder)) = reached(OURS) {
        folder.sweep();
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(root: &Path) {
        drop(lock_project(&ProjectTree::open(root).unwrap()).unwrap());
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_killed_commands_left_goes_and_nothing_of_the_project() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(".renku")).unwrap();
        let write = |name: &str| std::fs::write(root.path().join(name), "").unwrap();
        write(".renku-new-0123456789abcdef");
        write(".renku/.renku-new-0123456789abcdef");
        write(".renku/.tmpAb12Cd");
        write("renku-providers.lock");
        lock(root.path());
        assert_eq!(names(&root.path().join(".renku")), [".tmpAb12Cd"]);
        assert_eq!(names(root.path()), [".renku", "renku-providers.lock"]);
    }

    #[test]
    fn a_link_out_of_the_project_is_not_swept() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let there = other.path().join(".renku-new-0123456789abcdef");
        std::fs::write(&there, "").unwrap();
        std::os::unix::fs::symlink(other.path(), root.path().join(".renku")).unwrap();
        lock(root.path());
        assert!(there.exists());
    }
}
