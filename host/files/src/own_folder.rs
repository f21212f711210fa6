//! A folder of the user, whose files give authority. It is held open: its files are
//! opened, replaced and removed by their names in it, and each file is looked at once
//! it is open.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::Stat;

use crate::below::{Folder, Kind};
use crate::error::{FileError, Reason};
use crate::regular::{is_missing, read_at_most};
use crate::replace::{New, Readers};
use crate::whose;

/// A folder that nobody but us and root decides about. How one is opened: `walk`.
#[derive(Debug)]
pub struct OwnFolder {
    folder: Folder,
    path: PathBuf,
}

impl OwnFolder {
    pub(crate) fn new(folder: Folder, path: PathBuf) -> Self {
        Self { folder, path }
    }

    /// What it is called, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder itself, held open: for what is not read for its authority.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    pub(crate) fn stat(&self) -> Result<Stat, FileError> {
        let stat = rustix::fs::fstat(self.folder.descriptor());
        stat.map_err(|error| FileError::unusable(&self.path, error))
    }

    /// Whether its group can write to it.
    ///
    /// # Errors
    ///
    /// When the system does not say.
    pub fn is_shared(&self) -> Result<bool, FileError> {
        Ok(whose::is_shared(&self.stat()?))
    }

    /// Opens a file for reading; none when there is none.
    ///
    /// # Errors
    ///
    /// When it is something else, cannot be opened, or somebody else could have
    /// written it.
    pub fn file(&self, name: impl AsRef<OsStr>) -> Result<Option<File>, FileError> {
        let name = name.as_ref();
        let path = self.path.join(name);
        let file = match self.folder.file(name) {
            Ok(file) => file,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(self.other(name, error)),
        };
        let stat = rustix::fs::fstat(&file).map_err(|error| FileError::unusable(&path, error))?;
        whose::check(&stat, &path, Kind::File)?;
        Ok(Some(file))
    }

    /// Why something is no file that can be opened.
    fn other(&self, name: &OsStr, error: io::Error) -> FileError {
        let path = self.path.join(name);
        match self.folder.look(name) {
            Ok(Some(seen)) if seen.kind != Kind::File => {
                FileError::own(path, Reason::NotAFile(seen.kind))
            }
            _ => FileError::unusable(&path, error),
        }
    }

    /// The bytes of a file, as [`Self::file`] opens it.
    ///
    /// # Errors
    ///
    /// As there; when it has more than `limit` bytes.
    pub fn read(&self, name: impl AsRef<OsStr>, limit: u64) -> Result<Option<Vec<u8>>, FileError> {
        let name = name.as_ref();
        let Some(file) = self.file(name)? else { return Ok(None) };
        let failed = |reason| FileError::own(self.path.join(name), reason);
        read_at_most(&file, limit).map(Some).map_err(failed)
    }

    /// The names of what is in it, in order.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn names(&self) -> Result<Vec<OsString>, FileError> {
        self.folder.names().map_err(|error| FileError::unusable(&self.path, error))
    }

    /// Puts a file in one step in the place of an old one.
    ///
    /// # Errors
    ///
    /// When it cannot be written; then nothing of it stays.
    pub fn replace(
        &self,
        name: impl AsRef<OsStr>,
        new: New,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<(), FileError> {
        let name = name.as_ref();
        self.folder.replace(name, new, write).map_err(|error| self.unusable(name, error))
    }

    /// [`Self::replace`] with these bytes, on the disk when it returns.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn put(
        &self,
        name: impl AsRef<OsStr>,
        readers: Readers,
        bytes: &[u8],
    ) -> Result<(), FileError> {
        self.replace(name, New { readers, durable: true }, |file| file.write_all(bytes))
    }

    /// The same, unless there is a file: of two processes at once one is first.
    /// Whether it was this one.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn put_first(
        &self,
        name: impl AsRef<OsStr>,
        readers: Readers,
        bytes: &[u8],
    ) -> Result<bool, FileError> {
        let name = name.as_ref();
        self.folder.put_first(name, readers, bytes).map_err(|error| self.unusable(name, error))
    }

    /// Whether a file could be replaced: what is written first is, and goes again.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn check_writable(&self, name: impl AsRef<OsStr>) -> Result<(), FileError> {
        let (name, new) = (name.as_ref(), New { readers: Readers::Owner, durable: false });
        let written = self.folder.written(name, new, |file| file.write_all(b"\n"));
        written.map(drop).map_err(|error| self.unusable(name, error))
    }

    /// Removes a file; one that is not there is as good as removed.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub fn remove(&self, name: impl AsRef<OsStr>) -> Result<(), FileError> {
        let name = name.as_ref();
        match self.folder.remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(self.unusable(name, error))
            }
            _ => Ok(()),
        }
    }

    /// Removes what killed programs left here.
    pub fn sweep(&self) {
        self.folder.sweep();
        self.folder.sweep_nameless();
    }

    fn unusable(&self, name: &OsStr, error: io::Error) -> FileError {
        FileError::unusable(&self.path.join(name), error)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    fn own(path: &Path) -> OwnFolder {
        OwnFolder::new(Folder::at(path).unwrap(), path.to_owned())
    }

    #[test]
    fn a_file_that_others_can_write_to_is_not_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("grants.toml");
        std::fs::write(&path, "text").unwrap();
        let folder = own(home.path());
        assert_eq!(folder.read("grants.toml", 10).unwrap().unwrap(), b"text");
        assert!(folder.read("other", 10).unwrap().is_none());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o664)).unwrap();
        let error = folder.read("grants.toml", 10).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(
            error.hint().unwrap(),
            format!("check its contents, then run `chmod go-w {}`", path.display())
        );
    }

    #[test]
    fn pipes_folders_links_and_sockets_are_named_and_not_read() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.unwrap().success());
        std::fs::create_dir(at("folder")).unwrap();
        symlink("/dev/zero", at("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        let folder = own(home.path());
        for (name, kind) in [
            ("pipe", "a named pipe"),
            ("folder", "a folder"),
            ("link", "a link"),
            ("socket", "a socket"),
        ] {
            let error = folder.read(name, 10).unwrap_err();
            let expected = format!("`{}` is {kind}, not a file", at(name).display());
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn no_more_is_read_than_such_a_file_has() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("large"), [0; 11]).unwrap();
        let error = own(home.path()).read("large", 10).unwrap_err();
        assert!(matches!(error.reason(), Reason::TooLarge { limit: 10 }), "{error}");
        assert_eq!(own(home.path()).read("large", 11).unwrap().unwrap().len(), 11);
    }

    #[test]
    fn whether_a_file_could_be_written_is_seen_without_a_trace() {
        let home = tempfile::tempdir().unwrap();
        let folder = own(home.path());
        folder.check_writable("logins.json").unwrap();
        assert_eq!(folder.names().unwrap(), Vec::<OsString>::new());
        folder.remove("logins.json").unwrap();
        let gone = home.path().join("gone");
        std::fs::create_dir(&gone).unwrap();
        let folder = own(&gone);
        std::fs::remove_dir(&gone).unwrap();
        assert!(folder.check_writable("logins.json").is_err());
    }
}
