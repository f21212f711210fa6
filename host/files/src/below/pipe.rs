//! Named pipes in a folder: one process sends orders to another. Who reads need not be
//! there, and nobody waits for the other end.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileTypeExt as _;

use rustix::fs::{self as system, Mode, OFlags};
use rustix::io::Errno;

use super::folder::{Folder, permissions, plain};

impl Folder {
    /// A pipe to read from, made unless there is one. It does not end when who wrote to
    /// it is gone.
    ///
    /// # Errors
    ///
    /// When it cannot be made, or something else has its name.
    pub fn pipe(&self, name: &OsStr) -> io::Result<File> {
        match system::mkfifoat(self.descriptor(), plain(name)?, permissions(0o600)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        self.open_pipe(name, OFlags::RDWR)
    }

    /// The end of a pipe to write to; none when nobody reads.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, or is something else.
    pub fn pipe_to(&self, name: &OsStr) -> io::Result<Option<File>> {
        match self.open_pipe(name, OFlags::WRONLY) {
            Ok(pipe) => Ok(Some(pipe)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NXIO) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn open_pipe(&self, name: &OsStr, access: OFlags) -> io::Result<File> {
        let flags = access | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = system::openat(self.descriptor(), plain(name)?, flags, Mode::empty())?;
        let file = File::from(opened);
        match file.metadata()?.file_type().is_fifo() {
            true => Ok(file),
            false => Err(io::Error::other("it is no pipe")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    #[test]
    fn what_is_written_reaches_who_reads_and_nobody_waits() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::at(home.path()).unwrap();
        let name = OsStr::new("control");
        assert!(folder.pipe_to(name).unwrap().is_none());
        let mut reader = folder.pipe(name).unwrap();
        folder.pipe_to(name).unwrap().unwrap().write_all(b"stop").unwrap();
        let mut text = [0; 4];
        reader.read_exact(&mut text).unwrap();
        assert_eq!(&text, b"stop");
        drop(reader);
        assert!(folder.pipe_to(name).unwrap().is_none());
    }

    #[test]
    fn a_file_in_the_place_of_a_pipe_is_not_written_to() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("control"), "").unwrap();
        let folder = Folder::at(home.path()).unwrap();
        assert!(folder.pipe_to(OsStr::new("control")).is_err());
        assert!(folder.pipe(OsStr::new("control")).is_err());
    }
}
