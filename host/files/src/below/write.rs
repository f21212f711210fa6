//! Writes below a project: every file is whole or not there, and nothing is written
//! through a link that leads out.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{self as system, AtFlags, Mode, OFlags};

use super::folder::{Folder, plain};
use super::resolve::Place;
use super::seen::{Kind, Seen};
use super::tree::ProjectTree;
use crate::error::{FileError, Reason};

/// How the names of files begin that are not finished. One that nobody holds a lock on
/// was left behind, and the next command that writes in its folder removes it.
pub const TEMPORARY: &str = ".renku-new-";

/// How long a link of such a name is left alone: links cannot be locked.
const LINK_IN_USE: Duration = Duration::from_secs(60);

/// Permissions of a new file that anybody may read.
const USUAL: u32 = 0o644;

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
                Err(rustix::io::Errno::EXIST) => continue,
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

    /// A new file of this name, which is there at once: for names that lock others out.
    ///
    /// # Errors
    ///
    /// When something has the name, or the folder cannot be written to.
    pub fn create(&self, name: &OsStr, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let flags = flags | OFlags::CLOEXEC;
        Ok(system::openat(self.descriptor(), plain(name)?, flags, permissions(mode))?.into())
    }

    /// Gives a file of it another name, in place of what has that.
    ///
    /// # Errors
    ///
    /// When there is no such file, or the folder cannot be written to.
    pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        let folder = self.descriptor();
        Ok(system::renameat(folder, plain(from)?, folder, plain(to)?)?)
    }

    /// A file of it, to write at its end.
    ///
    /// # Errors
    ///
    /// When there is none, or something else, or it cannot be written to.
    pub fn append(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let flags = flags | OFlags::CLOEXEC;
        let file =
            File::from(system::openat(self.descriptor(), plain(name)?, flags, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
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

    /// Makes a folder in it, without what the umask takes away.
    ///
    /// # Errors
    ///
    /// When something has the name, or the folder cannot be written to.
    pub fn make_folder(&self, name: &OsStr, mode: u32) -> io::Result<()> {
        Ok(system::mkdirat(self.descriptor(), plain(name)?, permissions(mode))?)
    }

    /// Removes what is no folder; a link itself, not what it points to.
    ///
    /// # Errors
    ///
    /// When there is no such thing, or the folder cannot be written to.
    pub fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        Ok(system::unlinkat(self.descriptor(), plain(name)?, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not empty.
    pub fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        Ok(system::unlinkat(self.descriptor(), plain(name)?, AtFlags::REMOVEDIR)?)
    }

    /// Removes what a killed program left here.
    pub fn sweep(&self) {
        let Ok(names) = self.names() else { return };
        for name in names {
            if name.to_string_lossy().starts_with(TEMPORARY) && self.was_left(&name) {
                let _ = self.remove_file(&name);
            }
        }
    }

    fn was_left(&self, name: &OsStr) -> bool {
        match self.look(name) {
            Ok(Some(Seen { kind: Kind::File, .. })) => {
                self.file(name).is_ok_and(|file| file.try_lock().is_ok())
            }
            Ok(Some(Seen { kind: Kind::Link, modified, .. })) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                u64::try_from(modified).is_ok_and(|modified| {
                    now.saturating_sub(Duration::from_secs(modified)) > LINK_IN_USE
                })
            }
            _ => false,
        }
    }
}

impl ProjectTree {
    /// Replaces a file, or makes it and its folders. A link that stays inside stays a link,
    /// and permissions stay.
    ///
    /// # Errors
    ///
    /// When it leads out, is no file, or cannot be written.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let unwritable = |error| self.failed(path, Reason::Unwritable(error));
        let Some(place) = self.place_to_write(path)? else {
            return Err(unwritable(io::ErrorKind::NotADirectory.into()));
        };
        let mode = match place.seen {
            None => USUAL,
            Some(Seen { kind: Kind::File, mode, .. }) => mode & 0o777,
            Some(seen) => return Err(self.failed(path, Reason::NotAFile(seen.kind))),
        };
        place.folder.sweep();
        let write = || -> io::Result<()> {
            let mut new = place.folder.temporary(0o600)?;
            new.file().write_all(bytes)?;
            new.file().set_permissions(Permissions::from_mode(mode))?;
            new.file().sync_all()?;
            new.persist(&place.name)
        };
        write().map_err(unwritable)
    }

    /// The place of a file whose folders exist then.
    fn place_to_write(&self, path: &Path) -> Result<Option<Place>, FileError> {
        if let Some(place) = self.place(path)? {
            return Ok(Some(place));
        }
        let folders: Vec<&Path> = path.ancestors().skip(1).collect();
        for folder in folders.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
            let Some(place) = self.place(folder)? else { return Ok(None) };
            if place.seen.is_none() {
                match place.folder.make_folder(&place.name, 0o777) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(self.failed(path, Reason::Unwritable(error)));
                    }
                    _ => {}
                }
            }
        }
        self.place(path)
    }
}

#[allow(clippy::unnecessary_cast, reason = "modes have 16 bits on macOS")]
fn permissions(mode: u32) -> Mode {
    Mode::from_raw_mode((mode & 0o7777) as rustix::fs::RawMode)
}

fn temporary_name() -> io::Result<OsString> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{TEMPORARY}{}", crate::domain::hexadecimal(&bytes)).into())
}
