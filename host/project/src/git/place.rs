//! Where copies of repositories are while git looks at them: in a folder that its user alone
//! can write, and never in the project, where a session could change them meanwhile.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::files::directories;

/// How the names of copies begin. One whose lock nobody holds was left by a killed command,
/// and the next one removes it.
const PREFIX: &str = "git-";
/// The file in each that is locked as long as it is used.
const LOCK: &str = "lock";

/// A folder that goes when it is dropped.
#[derive(Debug)]
pub(super) struct Temporary {
    // Removed before the lock goes.
    folder: TempDir,
    _lock: Option<File>,
}

impl Temporary {
    /// A new one, not below `project`.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub(super) fn new(project: Option<&Path>) -> io::Result<Self> {
        let mut error = io::Error::from(io::ErrorKind::NotFound);
        for place in places() {
            match check(&place, project).and_then(|()| Self::within(&place)) {
                Ok(made) => return Ok(made),
                Err(failed) => error = failed,
            }
        }
        Err(error)
    }

    fn within(place: &Path) -> io::Result<Self> {
        // Whoever sweeps has the place alone: nobody is between a folder and its lock then.
        // Where there are no locks (some network file systems), nothing is swept.
        let whole = File::open(place)?;
        if whole.try_lock().is_ok() {
            sweep(place);
            whole.unlock()?;
        }
        let shared = whole.lock_shared().is_ok();
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
        let lock = if shared {
            let file = File::create_new(folder.path().join(LOCK))?;
            file.lock()?;
            Some(file)
        } else {
            None
        };
        Ok(Self { folder, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The best place first: one in memory, that of this user's cache, that of everybody.
fn places() -> impl Iterator<Item = PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let runtime = runtime.filter(|folder| folder.is_absolute() && folder.is_dir());
    let user = rustix::process::geteuid().as_raw();
    let all = [
        runtime.map(|folder| folder.join("renku")),
        directories::cache().map(|folder| folder.join("git")),
        Some(std::env::temp_dir().join(format!("renku-{user}"))),
    ];
    all.into_iter().flatten()
}

/// Makes the place. It must be its user's and nobody else's to write.
fn check(place: &Path, project: Option<&Path>) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(place)?;
    let metadata = place.symlink_metadata()?;
    let is_ours = metadata.uid() == rustix::process::geteuid().as_raw();
    if !metadata.is_dir() || !is_ours || metadata.mode() & 0o022 != 0 {
        return Err(io::Error::other(format!("others can write to `{}`", place.display())));
    }
    if project
        .is_some_and(|project| place.canonicalize().is_ok_and(|place| place.starts_with(project)))
    {
        return Err(io::Error::other(format!("`{}` is in the project", place.display())));
    }
    Ok(())
}

fn sweep(place: &Path) {
    let Ok(entries) = place.read_dir() else { return };
    for entry in entries.flatten() {
        if !entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            continue;
        }
        let is_left = match File::open(entry.path().join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if is_left {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(place: &Path) -> usize {
        place.read_dir().unwrap().count()
    }

    #[test]
    fn what_a_killed_command_left_is_swept_and_what_is_used_is_not() {
        let place = tempfile::tempdir().unwrap();
        let used = Temporary::within(place.path()).unwrap();
        // As after a kill: the folder is there and nobody holds its lock.
        for name in ["git-a", "git-b", "other"] {
            std::fs::create_dir(place.path().join(name)).unwrap();
        }
        File::create(place.path().join("git-a").join(LOCK)).unwrap();
        let next = Temporary::within(place.path()).unwrap();
        assert_eq!(inside(place.path()), 3);
        drop((used, next));
        assert_eq!(inside(place.path()), 1);
    }

    #[test]
    fn a_place_that_others_can_write_or_that_is_in_the_project_is_not_used() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let place = root.join("place");
        check(&place, None).unwrap();
        assert_eq!(place.metadata().unwrap().mode() & 0o777, 0o700);
        assert!(check(&place, Some(&root)).is_err());
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o775)).unwrap();
        assert!(check(&place, None).is_err());
        std::os::unix::fs::symlink(&root, root.join("link")).unwrap();
        assert!(check(&root.join("link"), None).is_err());
    }
}
