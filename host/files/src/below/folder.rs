//! A folder that is held open: whatever becomes of its name, it is this one.
//!
//! Everything here is about one name in it, and follows no link.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{self as system, AtFlags, Dir, Mode, OFlags};

use super::seen::{Kind, Seen};

/// What is needed to open names in a folder: the right to list it is not.
#[cfg(any(target_os = "linux", target_os = "android"))]
const HELD: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const HELD: OFlags = OFlags::RDONLY;

/// How often a name is tried that is a folder whenever it is looked at, and something else
/// when it is opened.
const TRIES: usize = 16;

/// A folder that is open.
#[derive(Debug)]
pub struct Folder(OwnedFd);

/// What a name is that may be a folder.
#[derive(Debug)]
pub(super) enum Inner {
    Folder(Folder),
    Other(Seen),
    Missing,
}

impl Folder {
    /// The folder at a path of the user's own; its links are followed.
    ///
    /// # Errors
    ///
    /// When there is none, or it may not be opened.
    pub fn at(path: &Path) -> io::Result<Self> {
        let flags = HELD | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(system::open(path, flags, Mode::empty())?))
    }

    /// A folder in it.
    ///
    /// # Errors
    ///
    /// When there is none, or something else, or it may not be opened.
    pub fn folder(&self, name: &OsStr) -> io::Result<Self> {
        let flags = HELD | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(system::openat(&self.0, plain(name)?, flags, Mode::empty())?))
    }

    /// The same, and what is there instead.
    pub(super) fn inner(&self, name: &OsStr) -> io::Result<Inner> {
        let mut tries = 0;
        loop {
            let error = match self.folder(name) {
                Ok(folder) => return Ok(Inner::Folder(folder)),
                Err(error) => error,
            };
            match self.look(name)? {
                None => return Ok(Inner::Missing),
                Some(seen) if seen.kind != Kind::Folder => return Ok(Inner::Other(seen)),
                // It is one again.
                Some(_) if error.kind() != io::ErrorKind::PermissionDenied && tries < TRIES => {
                    tries += 1;
                }
                Some(_) => return Err(error),
            }
        }
    }

    /// A file in it, to be read. It does not wait for the other end of a pipe.
    ///
    /// # Errors
    ///
    /// When there is none, or something else, or it may not be opened.
    pub fn file(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = system::openat(&self.0, plain(name)?, flags | OFlags::CLOEXEC, Mode::empty())?;
        let file = File::from(file);
        // It was looked at before: it changed in between.
        if file.metadata()?.is_file() { Ok(file) } else { Err(no_file()) }
    }

    /// What has this name; none when nothing has.
    ///
    /// # Errors
    ///
    /// When it cannot be found out.
    pub fn look(&self, name: &OsStr) -> io::Result<Option<Seen>> {
        match system::statat(&self.0, plain(name)?, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Seen::of(&stat))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What is known of the folder itself.
    ///
    /// # Errors
    ///
    /// When the system does not say.
    pub fn itself(&self) -> io::Result<Seen> {
        Ok(Seen::of(&system::fstat(&self.0)?))
    }

    /// Where a link in it points.
    ///
    /// # Errors
    ///
    /// When there is no link.
    pub fn target(&self, name: &OsStr) -> io::Result<PathBuf> {
        let target = system::readlinkat(&self.0, plain(name)?, Vec::new())?;
        Ok(OsString::from_vec(target.into_bytes()).into())
    }

    /// Everything in it, in order.
    ///
    /// # Errors
    ///
    /// When it may not be listed.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let listed = Dir::new(self.readable()?)?;
        let mut names = Vec::new();
        for entry in listed {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
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

    /// A new file of this name, which is there at once: for names that lock others out.
    ///
    /// # Errors
    ///
    /// When something has the name, or the folder cannot be written to.
    pub fn create(&self, name: &OsStr, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let flags = flags | OFlags::CLOEXEC;
        Ok(system::openat(&self.0, plain(name)?, flags, permissions(mode))?.into())
    }

    /// Gives a file of it another name, in place of what has that.
    ///
    /// # Errors
    ///
    /// When there is no such file, or the folder cannot be written to.
    pub fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(system::renameat(&self.0, plain(from)?, &self.0, plain(to)?)?)
    }

    /// A file of it, to write at its end.
    ///
    /// # Errors
    ///
    /// When there is none, or something else, or it cannot be written to.
    pub fn append(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let flags = flags | OFlags::CLOEXEC;
        let file = File::from(system::openat(&self.0, plain(name)?, flags, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// The folder above it, which may be outside of a project.
    pub(crate) fn parent(&self) -> io::Result<Self> {
        let flags = HELD | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(system::openat(&self.0, c"..", flags, Mode::empty())?))
    }

    /// The same folder, held a second time.
    pub(crate) fn again(&self) -> io::Result<Self> {
        Ok(Self(self.0.try_clone()?))
    }

    /// The folder once more, to list it, lock it or write it to the disk.
    pub(crate) fn readable(&self) -> io::Result<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(system::openat(&self.0, c".", flags, Mode::empty())?)
    }

    /// For the calls that change something.
    pub(crate) fn descriptor(&self) -> &OwnedFd {
        &self.0
    }
}

fn no_file() -> io::Error {
    io::Error::other("it changed while it was opened, and is not a file")
}

/// Permissions as the system takes them.
#[allow(clippy::unnecessary_cast, reason = "modes have 16 bits on macOS")]
pub(crate) fn permissions(mode: u32) -> Mode {
    Mode::from_raw_mode((mode & 0o7777) as rustix::fs::RawMode)
}

/// One name: what is handed to the system leads nowhere else.
pub(crate) fn plain(name: &OsStr) -> io::Result<&OsStr> {
    let is_plain =
        !matches!(name.as_bytes(), b"" | b"." | b"..") && !name.as_bytes().contains(&b'/');
    if is_plain { Ok(name) } else { Err(io::ErrorKind::InvalidInput.into()) }
}
