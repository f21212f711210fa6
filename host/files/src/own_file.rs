//! A file of the user's own, such as their grants or their logins: read only when
//! nobody else could have written it, changed by one command at a time, and never
//! half of it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;

use crate::error::{FileError, Reason};
use crate::lock::{self, Lock, Taken};
use crate::own_folder::OwnFolder;
use crate::regular::read_at_most;
use crate::replace::Readers;
use crate::walk::{self, Place};

/// More than any of these files holds.
const BYTES: u64 = 1024 * 1024;

/// One of these files. Nothing is opened yet.
#[derive(Debug, Clone)]
pub struct OwnFile {
    path: PathBuf,
    readers: Readers,
    is_secret: bool,
}

impl OwnFile {
    /// One that holds secrets: it is refused when others can read it.
    #[must_use]
    pub fn secret(path: PathBuf) -> Self {
        Self { path, readers: Readers::Owner, is_secret: true }
    }

    /// One that is nobody else's business, and no secret.
    #[must_use]
    pub fn private(path: PathBuf) -> Self {
        Self { path, readers: Readers::Owner, is_secret: false }
    }

    /// One that people write themselves: who may read it stays as it is.
    #[must_use]
    pub fn settings(path: PathBuf) -> Self {
        Self { path, readers: Readers::AsBefore, is_secret: false }
    }

    /// Where it is, or would be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its text; none when there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or somebody else could have written it.
    pub fn read(&self) -> Result<Option<String>, FileError> {
        match walk::file(&self.path, false)? {
            Some(place) => match self.read_at(&place.folder, &place.name) {
                Ok(None) => Ok(None),
                read => place.wrong.map_or(read, Err),
            },
            None => Ok(None),
        }
    }

    fn read_at(&self, folder: &OwnFolder, name: &OsStr) -> Result<Option<String>, FileError> {
        let Some(file) = folder.file(name)? else { return Ok(None) };
        let path = folder.path().join(name);
        if self.is_secret {
            let stat =
                rustix::fs::fstat(&file).map_err(|error| FileError::unusable(&path, error))?;
            let mode = Mode::from_raw_mode(stat.st_mode);
            if mode.intersects(Mode::RWXG | Mode::RWXO) {
                return Err(FileError::new(path, Reason::Exposed));
            }
        }
        let text = read_at_most(&file, BYTES)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| Reason::NotText));
        text.map(Some).map_err(|reason| FileError::own(path, reason))
    }

    /// That it is not what we wrote; `reason` must not hold a value of a secret.
    #[must_use]
    pub fn malformed(&self, reason: String) -> FileError {
        FileError::new(self.path.clone(), Reason::Malformed(reason))
    }

    /// Writes it unless there is one: of two processes at once one is first.
    /// Whether it was this one.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn create(&self, text: &str) -> Result<bool, FileError> {
        let place = self.place()?;
        place.folder.put_first(&place.name, self.readers, text.as_bytes())
    }

    /// Writes it, whatever another process writes: for what may be lost.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn overwrite(&self, text: &str) -> Result<(), FileError> {
        let place = self.place()?;
        place.folder.put(&place.name, self.readers, text.as_bytes())
    }

    /// Waits until no other command changes it, and sweeps what killed ones left.
    ///
    /// # Errors
    ///
    /// When another one has the lock for too long, there are no locks, or the folder
    /// cannot be written to.
    pub fn lock(&self) -> Result<Locked, FileError> {
        let folder = self.folder()?;
        let lock = folder.lock_by(self.lock_name(), || {})?;
        self.locked(&folder, lock)
    }

    /// The same without waiting: the lock, or what to wait for.
    ///
    /// # Errors
    ///
    /// As [`Self::lock`].
    pub fn try_lock(&self) -> Result<Result<Locked, Waiting>, FileError> {
        let folder = self.folder()?;
        match lock::attempt(&folder, &self.lock_name())? {
            Ok(lock) => self.locked(&folder, lock).map(Ok),
            Err(taken) => Ok(Err(Waiting { file: self.clone(), folder, taken })),
        }
    }

    fn locked(&self, folder: &OwnFolder, lock: Lock) -> Result<Locked, FileError> {
        folder.sweep();
        let place = self.place()?;
        // Where a link leads, not all files are ours.
        place.folder.folder().sweep();
        Ok(Locked { file: self.clone(), place, _lock: lock })
    }

    fn place(&self) -> Result<Place, FileError> {
        walk::file(&self.path, true)?
            .ok_or_else(|| FileError::unusable(&self.path, rustix::io::Errno::NOENT))
    }

    fn folder(&self) -> Result<OwnFolder, FileError> {
        OwnFolder::make(self.path.parent().unwrap_or(&self.path))
    }

    fn name(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }

    fn lock_name(&self) -> std::ffi::OsString {
        lock::name_for(self.name())
    }
}

/// A file that another command changes.
pub struct Waiting {
    file: OwnFile,
    folder: OwnFolder,
    taken: Taken,
}

impl Waiting {
    /// Tries it once more.
    ///
    /// # Errors
    ///
    /// As [`OwnFile::lock`].
    pub fn again(self) -> Result<Result<Locked, Self>, FileError> {
        let Self { file, folder, taken } = self;
        match taken.again(&folder.path().join(file.lock_name()))? {
            Ok(lock) => file.locked(&folder, lock).map(Ok),
            Err(taken) => Ok(Err(Self { file, folder, taken })),
        }
    }

    /// How long it has been waited for.
    #[must_use]
    pub fn waited(&self) -> std::time::Duration {
        self.taken.waited()
    }

    /// The error that names who has it.
    #[must_use]
    pub fn busy(&self) -> FileError {
        self.taken.busy(&self.file.path)
    }
}

/// The file, while no other command changes it: from reading it to writing it.
pub struct Locked {
    file: OwnFile,
    place: Place,
    /// Freed when it is closed, also when the program ends.
    _lock: Lock,
}

impl Locked {
    /// Its text as it is now; none when there is none.
    ///
    /// # Errors
    ///
    /// As [`OwnFile::read`].
    pub fn read(&self) -> Result<Option<String>, FileError> {
        self.file.read_at(&self.place.folder, &self.place.name)
    }

    /// Replaces it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, text: &str) -> Result<(), FileError> {
        self.place.folder.put(&self.place.name, self.file.readers, text.as_bytes())
    }

    /// Whether it could be replaced.
    ///
    /// # Errors
    ///
    /// When it could not.
    pub fn check_writable(&self) -> Result<(), FileError> {
        self.place.folder.check_writable(&self.place.name)
    }

    /// Removes it; one that is not there is as good as removed.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub fn remove(&self) -> Result<(), FileError> {
        self.place.folder.remove(&self.place.name)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_written_is_read_by_its_user_alone() {
        let home = tempfile::tempdir().unwrap();
        let file = OwnFile::secret(home.path().join("renku/logins.json"));
        assert_eq!(file.read().unwrap(), None);
        assert!(file.create("one").unwrap());
        assert!(!file.create("other").unwrap());
        assert_eq!(file.read().unwrap().as_deref(), Some("one"));
        let locked = file.lock().unwrap();
        locked.check_writable().unwrap();
        locked.write("two").unwrap();
        assert_eq!(locked.read().unwrap().as_deref(), Some("two"));
        assert_eq!((mode(file.path()), mode(file.path().parent().unwrap())), (0o600, 0o700));
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = file.read().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert!(error.to_string().ends_with("holds secrets and can be read by others"), "{error}");
    }

    #[test]
    fn changes_at_once_are_all_there() {
        let home = tempfile::tempdir().unwrap();
        let file = OwnFile::settings(home.path().join("list"));
        std::thread::scope(|scope| {
            for number in 0..40 {
                let file = &file;
                scope.spawn(move || {
                    let locked = file.lock().unwrap();
                    let text = locked.read().unwrap().unwrap_or_default();
                    locked.write(&format!("{text}{number}\n")).unwrap();
                });
            }
        });
        assert_eq!(file.read().unwrap().unwrap().lines().count(), 40);
    }

    #[test]
    fn a_link_stays_a_link_and_what_it_leads_to_is_changed() {
        let home = tempfile::tempdir().unwrap();
        let real = home.path().join("dotfiles.ini");
        std::fs::write(&real, "old").unwrap();
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
        let link = home.path().join("renku.ini");
        symlink("dotfiles.ini", &link).unwrap();
        OwnFile::settings(link.clone()).lock().unwrap().write("new").unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(mode(&real), 0o640);
    }

    #[test]
    fn what_a_killed_command_left_goes_with_the_next_one() {
        let home = tempfile::tempdir().unwrap();
        let file = OwnFile::secret(home.path().join("origins.json"));
        let left = home.path().join(".renku-new-0123456789abcdef");
        std::fs::write(&left, "s3cret").unwrap();
        file.lock().unwrap().write("{}").unwrap();
        assert!(!left.exists());
    }
}
