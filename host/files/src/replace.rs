//! Files that are whole or not there, whenever the program is killed: written
//! under another name beside the old one, then renamed. The name says that it is
//! temporary, and whoever writes the file holds a lock on it: one that nobody holds a
//! lock on was left behind.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{self as system, AtFlags, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::below::{Folder, Kind, Seen, permissions, plain};
use crate::domain::hexadecimal;
use crate::error::{FileError, Reason};

/// How the names of files begin that are not finished. The next command that writes
/// in their folder removes those that a killed one left.
pub const TEMPORARY: &str = ".renku-new-";

/// How long a link of such a name is left alone: links cannot be locked.
const LINK_IN_USE: Duration = Duration::from_secs(60);
/// The same for a file of a program that did not lock it.
const FILE_IN_USE: Duration = Duration::from_secs(60 * 60);

/// Permissions of a new file that anybody may read.
const USUAL: u32 = 0o644;

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its user (0600).
    Owner,
    /// Everybody, as far as the umask lets them.
    Everybody,
    /// As it was, else everybody.
    AsBefore,
}

/// What a file is written with.
#[derive(Debug, Clone, Copy)]
pub struct New {
    /// Who may read it.
    pub readers: Readers,
    /// Whether it must survive a power cut.
    pub durable: bool,
}

/// A file that gets its name when it is finished; without one it goes again.
#[derive(Debug)]
pub struct Temporary<'a> {
    folder: &'a Folder,
    name: OsString,
    file: File,
    named: bool,
}

impl Temporary<'_> {
    /// To write to.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives it its name, in place of what has it now.
    ///
    /// # Errors
    ///
    /// When it cannot have it.
    pub fn persist(mut self, name: &OsStr) -> io::Result<()> {
        let folder = self.folder.descriptor();
        system::renameat(folder, &*self.name, folder, plain(name)?)?;
        self.named = true;
        Ok(())
    }

    /// Gives it its name unless that is taken; whether it was free.
    fn persist_first(mut self, name: &OsStr) -> io::Result<bool> {
        let (folder, name) = (self.folder.descriptor(), plain(name)?);
        match system::renameat_with(folder, &*self.name, folder, name, RenameFlags::NOREPLACE) {
            Ok(()) => self.named = true,
            Err(Errno::EXIST) => return Ok(false),
            // Not every file system knows that; all that have links know this.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                match system::linkat(folder, &*self.name, folder, name, AtFlags::empty()) {
                    Ok(()) => {}
                    Err(Errno::EXIST) => return Ok(false),
                    Err(error) => return Err(error.into()),
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(true)
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.named {
            let _ = self.folder.remove_file(&self.name);
        }
    }
}

impl Folder {
    /// A new file in it, which has no name yet that counts.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to.
    pub fn temporary(&self, mode: u32) -> io::Result<Temporary<'_>> {
        loop {
            let name = temporary_name()?;
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
            let made = system::openat(
                self.descriptor(),
                &*name,
                flags | OFlags::CLOEXEC,
                permissions(mode),
            );
            let file = match made {
                Ok(file) => File::from(file),
                Err(Errno::EXIST) => continue,
                Err(error) => return Err(error.into()),
            };
            // Some network file systems have no locks: there nothing is swept, either.
            let _ = file.try_lock();
            // Before it was locked somebody may have taken it for left behind.
            if file.metadata()?.nlink() > 0 {
                return Ok(Temporary { folder: self, name, file, named: false });
            }
        }
    }

    /// Puts a link in the place of what has its name.
    ///
    /// # Errors
    ///
    /// When a folder has it, or the folder cannot be written to.
    pub fn put_link(&self, target: &Path, name: &OsStr) -> io::Result<()> {
        let temporary = temporary_name()?;
        let folder = self.descriptor();
        system::symlinkat(target, folder, &*temporary)?;
        let renamed =
            plain(name).and_then(|name| Ok(system::renameat(folder, &*temporary, folder, name)?));
        if renamed.is_err() {
            let _ = self.remove_file(&temporary);
        }
        renamed
    }

    /// Puts a file in one step in the place of an old one: killed at any point, the
    /// old one is there or the new one.
    ///
    /// # Errors
    ///
    /// When it cannot be written; then nothing of it stays.
    pub(crate) fn replace(
        &self,
        name: &OsStr,
        new: New,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        self.written(name, new, write)?.persist(name)?;
        self.made_durable(new)
    }

    /// The same, unless there is a file: of two processes at once one is first.
    /// Whether it was this one.
    pub(crate) fn put_first(
        &self,
        name: &OsStr,
        readers: Readers,
        bytes: &[u8],
    ) -> io::Result<bool> {
        let new = New { readers, durable: true };
        let is_first =
            self.written(name, new, |file| file.write_all(bytes))?.persist_first(name)?;
        self.made_durable(new).map(|()| is_first)
    }

    /// A file with all of its content, and without its name.
    pub(crate) fn written(
        &self,
        name: &OsStr,
        new: New,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<Temporary<'_>> {
        let before = match new.readers {
            Readers::AsBefore => self.look(name)?.map(|seen| seen.mode & 0o777),
            Readers::Owner | Readers::Everybody => None,
        };
        let mode = match (new.readers, before) {
            (Readers::Owner, _) | (_, Some(_)) => 0o600,
            _ => USUAL,
        };
        let mut temporary = self.temporary(mode)?;
        write(temporary.file())?;
        if let Some(mode) = before {
            temporary.file().set_permissions(Permissions::from_mode(mode))?;
        }
        if new.durable {
            temporary.file().sync_all()?;
        }
        Ok(temporary)
    }

    /// Makes a new name durable. Some file systems cannot, and need not.
    fn made_durable(&self, new: New) -> io::Result<()> {
        if !new.durable {
            return Ok(());
        }
        match system::fsync(self.readable()?) {
            Err(Errno::INVAL) => Ok(()),
            result => Ok(result?),
        }
    }

    /// Removes what killed programs left here.
    pub fn sweep(&self) {
        for name in self.names().unwrap_or_default() {
            if name.as_bytes().starts_with(TEMPORARY.as_bytes()) && self.was_left(&name) {
                // Another program may have been faster.
                let _ = self.remove_file(&name);
            }
        }
    }

    /// Removes what is called like temporary files of the program as it was before
    /// these had names of their own: only where all files are ours.
    pub(crate) fn sweep_nameless(&self) {
        for name in self.names().unwrap_or_default() {
            let seen = self.look(&name).ok().flatten();
            if is_nameless(&name) && seen.is_some_and(|seen| is_older(&seen, FILE_IN_USE)) {
                let _ = self.remove_file(&name);
            }
        }
    }

    fn was_left(&self, name: &OsStr) -> bool {
        match self.look(name) {
            Ok(Some(Seen { kind: Kind::File, .. })) => {
                self.file(name).is_ok_and(|file| file.try_lock().is_ok())
            }
            Ok(Some(seen @ Seen { kind: Kind::Link, .. })) => is_older(&seen, LINK_IN_USE),
            _ => false,
        }
    }
}

fn is_older(seen: &Seen, age: Duration) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(seen.modified)
        .is_ok_and(|modified| now.saturating_sub(Duration::from_secs(modified)) > age)
}

/// `.tmp` or `.new-`, and six letters or digits.
fn is_nameless(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    let rest = bytes.strip_prefix(b".tmp").or_else(|| bytes.strip_prefix(b".new-"));
    rest.is_some_and(|rest| rest.len() == 6 && rest.iter().all(u8::is_ascii_alphanumeric))
}

pub(crate) fn temporary_name() -> io::Result<OsString> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{TEMPORARY}{}", hexadecimal(&bytes)).into())
}

/// Puts a file where its user says, in one step, and sweeps what killed commands left
/// there.
///
/// # Errors
///
/// When it cannot be written.
pub fn put(path: &Path, readers: Readers, bytes: &[u8]) -> Result<(), FileError> {
    let put = || {
        let (folder, name) = place(path)?;
        folder.sweep();
        folder.replace(name, New { readers, durable: true }, |file| file.write_all(bytes))
    };
    put().map_err(|error| FileError::new(path.to_owned(), Reason::Unwritable(error)))
}

/// The same, unless there is a file; whether this one was first.
///
/// # Errors
///
/// When it cannot be written.
pub fn put_first(path: &Path, readers: Readers, bytes: &[u8]) -> Result<bool, FileError> {
    let put = || {
        let (folder, name) = place(path)?;
        folder.put_first(name, readers, bytes)
    };
    put().map_err(|error| FileError::new(path.to_owned(), Reason::Unwritable(error)))
}

fn place(path: &Path) -> io::Result<(Folder, &OsStr)> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok((Folder::at(folder.unwrap_or(Path::new(".")))?, name))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    fn names(folder: &Path) -> Vec<OsString> {
        Folder::at(folder).unwrap().names().unwrap()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        put(&at("file"), Readers::Owner, b"old").unwrap();
        put(&at("file"), Readers::Owner, b"new").unwrap();
        assert!(!put_first(&at("file"), Readers::Owner, b"other").unwrap());
        assert!(put_first(&at("second"), Readers::Owner, b"").unwrap());
        assert_eq!(fs::read(at("file")).unwrap(), b"new");
        assert_eq!(names(home.path()), ["file", "second"]);
    }

    #[test]
    fn a_file_that_could_not_be_written_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        put(&path, Readers::Owner, b"old").unwrap();
        let folder = Folder::at(home.path()).unwrap();
        let new = New { readers: Readers::Owner, durable: true };
        let full = |_: &mut File| Err(io::ErrorKind::StorageFull.into());
        let error = folder.replace(OsStr::new("file"), new, full).unwrap_err();
        let error = FileError::new(path.clone(), Reason::Unwritable(error));
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
        assert_eq!(
            error.to_string(),
            format!("there is no room on the disk to write `{}`", path.display())
        );
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(home.path()), ["file"]);
    }

    #[test]
    fn readers_are_those_that_were_asked_for() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let mode = |name: &str| at(name).metadata().unwrap().permissions().mode() & 0o777;
        put(&at("secret"), Readers::Owner, b"").unwrap();
        put(&at("lock"), Readers::Everybody, b"").unwrap();
        assert_eq!((mode("secret"), mode("lock") & 0o700), (0o600, 0o600));
        assert_eq!(mode("lock") & 0o022, 0);
        for kept in [0o664, 0o640] {
            fs::set_permissions(at("lock"), Permissions::from_mode(kept)).unwrap();
            put(&at("lock"), Readers::AsBefore, b"").unwrap();
            assert_eq!(mode("lock"), kept);
        }
    }

    #[test]
    fn what_a_killed_program_left_goes_and_what_a_living_one_writes_stays() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::at(home.path()).unwrap();
        fs::write(home.path().join(format!("{TEMPORARY}0123456789abcdef")), "half").unwrap();
        fs::write(home.path().join("whole"), "").unwrap();
        let living = folder.temporary(0o600).unwrap();
        folder.sweep();
        assert_eq!(names(home.path()).len(), 2);
        drop(living);
        assert_eq!(names(home.path()), ["whole"]);
    }

    #[test]
    fn only_what_is_old_and_called_as_once_is_taken_for_ours() {
        assert!(is_nameless(OsStr::new(".tmpAb12Cd")) && is_nameless(OsStr::new(".new-Ab12Cd")));
        assert!(!is_nameless(OsStr::new(".tmpfile")) && !is_nameless(OsStr::new(".new-version")));
        let home = tempfile::tempdir().unwrap();
        for (name, hours) in [(".tmpAb12Cd", 2), (".tmpAb12Ce", 0), (".tmpfile", 2)] {
            let file = File::create(home.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
        }
        Folder::at(home.path()).unwrap().sweep_nameless();
        assert_eq!(names(home.path()), [".tmpAb12Ce", ".tmpfile"]);
    }
}
