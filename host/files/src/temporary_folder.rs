//! Folders that are whole or not there, as `replace` has it for files: filled under a
//! name that says that it is temporary, then renamed. Whoever fills one holds a lock on
//! it: one that nobody holds a lock on was left behind.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs as system;
use rustix::io::Errno;

use crate::below::{Folder, plain};
use crate::error::FileError;
use crate::own_folder::OwnFolder;
use crate::replace::{TEMPORARY, temporary_name};

/// A folder that gets its name when it is complete; without one it goes again.
#[derive(Debug)]
pub struct TemporaryFolder {
    above: Folder,
    name: OsString,
    folder: Folder,
    path: PathBuf,
    named: bool,
    /// Kept until here: others take the folder for left behind without it.
    _lock: File,
}

impl OwnFolder {
    /// A new folder in it (0700), which has no name yet that counts.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn temporary_folder(&self) -> Result<TemporaryFolder, FileError> {
        self.new_temporary().map_err(|error| FileError::unusable(self.path(), error))
    }

    fn new_temporary(&self) -> io::Result<TemporaryFolder> {
        loop {
            let name = temporary_name()?;
            match self.folder().make_folder(&name, 0o700) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made?,
            }
            // Somebody may take it for left behind until it is locked.
            let Ok(folder) = self.folder().folder(&name) else { continue };
            let Ok(lock) = folder.readable() else { continue };
            let lock = File::from(lock);
            // Some network file systems have no locks: there nothing is swept, either.
            let _ = lock.try_lock();
            if lock.metadata()?.nlink() > 0 {
                let (above, path) = (self.folder().again()?, self.path().join(&name));
                return Ok(TemporaryFolder {
                    above,
                    name,
                    folder,
                    path,
                    named: false,
                    _lock: lock,
                });
            }
        }
    }

    /// Removes folders that killed programs left here.
    pub fn sweep_folders(&self) {
        for name in self.folder().names().unwrap_or_default() {
            if !name.as_bytes().starts_with(TEMPORARY.as_bytes()) {
                continue;
            }
            let Ok(left) = self.folder().folder(&name) else { continue };
            let Ok(lock) = left.readable() else { continue };
            if File::from(lock).try_lock().is_ok() {
                // Another program may have been faster.
                let _ = self.folder().remove_all(&name);
            }
        }
    }

    /// Removes a folder and everything in it: killed at any point, it is there whole, or
    /// has lost its name and is swept.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub fn remove_folder(&self, name: impl AsRef<OsStr>) -> Result<(), FileError> {
        let name = name.as_ref();
        let remove = || {
            let nameless = temporary_name()?;
            match self.folder().rename(name, &nameless) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                Err(error) => Err(error),
                Ok(()) => self.folder().remove_all(&nameless),
            }
        };
        remove().map_err(|error| FileError::unusable(&self.path().join(name), error))
    }
}

impl TemporaryFolder {
    /// What is filled.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Where it is meanwhile.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name with all of its content on the disk, unless a folder has that
    /// already; whether this one was first.
    ///
    /// # Errors
    ///
    /// When it cannot have the name.
    pub fn persist(mut self, name: &OsStr) -> Result<bool, FileError> {
        self.rename(name).map_err(|error| FileError::unusable(&self.path, error))
    }

    fn rename(&mut self, name: &OsStr) -> io::Result<bool> {
        #[cfg(target_os = "linux")]
        system::syncfs(self.folder.readable()?)?;
        let above = self.above.descriptor();
        match system::renameat(above, &*self.name, above, plain(name)?) {
            Ok(()) => self.named = true,
            // A folder that is not empty is not replaced.
            Err(Errno::EXIST | Errno::NOTEMPTY) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.named)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        if !self.named {
            let _ = self.above.remove_all(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        Folder::at(folder).unwrap().names().unwrap()
    }

    fn own(path: &Path) -> OwnFolder {
        OwnFolder::new(Folder::at(path).unwrap(), path.to_owned())
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let folder = own(home.path());
        for first in [true, false] {
            let new = folder.temporary_folder().unwrap();
            fs::create_dir_all(new.path().join("a/b")).unwrap();
            fs::write(new.path().join("a/b/file"), "x").unwrap();
            assert_eq!(new.persist(OsStr::new("whole")).unwrap(), first);
        }
        drop(folder.temporary_folder().unwrap());
        assert_eq!(names(home.path()), ["whole"]);
        folder.remove_folder("whole").unwrap();
        folder.remove_folder("whole").unwrap();
        assert!(names(home.path()).is_empty());
    }

    #[test]
    fn what_a_killed_program_left_goes_and_what_a_living_one_fills_stays() {
        let home = tempfile::tempdir().unwrap();
        let (folder, outside) = (own(home.path()), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("file"), "").unwrap();
        let left = home.path().join(format!("{TEMPORARY}0123456789abcdef"));
        fs::create_dir_all(left.join("locked/in")).unwrap();
        symlink(outside.path(), left.join("out")).unwrap();
        fs::set_permissions(left.join("locked"), fs::Permissions::from_mode(0o000)).unwrap();
        let living = folder.temporary_folder().unwrap();
        folder.sweep_folders();
        assert_eq!(names(home.path()), [living.name.as_os_str()]);
        assert_eq!(names(outside.path()), ["file"]);
    }
}
