//! Files that are whole or not there, whenever the program is killed; a lock that
//! keeps two programs from changing the same folder at once; and files that count
//! only when nobody else could have written them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// How temporary files of ours begin; whoever holds the folder's lock may
/// delete them.
pub const TEMPORARY: &str = ".new-";

/// Makes `folder` (mode 0700 where there was none) and its parents.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Puts `bytes` at `path` in one step: a temporary file beside it (mode 0600),
/// `fsync`, `rename`, `fsync` of the folder. Killed at any point, the old file is
/// there or the new one.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file: NamedTempFile = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// The same for a file that everybody may read: temporary files are their user's
/// alone.
pub fn replace_for_all(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// What a file says that holds the user's own decisions.
pub enum Decisions {
    /// There is none.
    Absent,
    /// Others can write to it: it may be theirs.
    Exposed,
    /// Its text.
    Text(String),
}

/// Reads such a file.
pub fn decisions(path: &Path) -> io::Result<Decisions> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Decisions::Absent),
        file => file?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if file.metadata()?.mode() & 0o022 != 0 {
            return Ok(Decisions::Exposed);
        }
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(Decisions::Text(text))
}

/// Makes names in a folder durable. Some file systems cannot, and need not.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        result => result,
    }
}

/// Deletes what a killed program left in a folder that we hold the lock of.
pub fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The exclusive lock of a folder, held until it is dropped or the program
/// ends.
pub struct Lock {
    _file: File,
    /// Whether nobody else can be in the folder: some network file systems have
    /// no locks, and then nothing that looks left behind may be deleted.
    pub exclusive: bool,
}

/// Waits for the lock `path`; `waiting` is called when somebody else has it.
pub fn lock(path: &Path, waiting: impl FnOnce()) -> io::Result<Lock> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    let locked = match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            waiting();
            file.lock()
        }
        Err(TryLockError::Error(error)) => Err(error),
    };
    match locked {
        Ok(()) => Ok(Lock { _file: file, exclusive: true }),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(Lock { _file: file, exclusive: false })
        }
        Err(error) => Err(error),
    }
}

/// The lock beside a file that is replaced, from reading to writing; its folder
/// is made where there is none.
pub fn lock_beside(path: &Path) -> io::Result<Lock> {
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    lock(&path.with_extension("lock"), || {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_was_left_behind_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".new-abc"), b"half").unwrap();
        std::fs::write(folder.path().join("whole"), b"").unwrap();
        sweep(folder.path());
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 1);
    }
}
