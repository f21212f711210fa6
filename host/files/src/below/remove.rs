//! Removes a folder with everything in it, held open level by level: whatever becomes of a
//! name meanwhile, nothing outside is removed.

use std::ffi::OsStr;
use std::io;

use rustix::fs::{self as system, AtFlags};

use super::folder::{Folder, permissions, plain};
use super::seen::Kind;

/// What one needs to remove what is in a folder.
const OURS: u32 = 0o700;

impl Folder {
    /// Removes what has this name, and everything in it. What is not there is as good as
    /// removed.
    ///
    /// # Errors
    ///
    /// When something cannot be removed.
    pub fn remove_all(&self, name: &OsStr) -> io::Result<()> {
        let Some(seen) = self.look(name)? else { return Ok(()) };
        if seen.kind != Kind::Folder {
            return gone(self.remove_file(name));
        }
        if seen.mode & OURS != OURS {
            let mode = permissions(seen.mode | OURS);
            system::chmodat(self.descriptor(), plain(name)?, mode, AtFlags::empty())?;
        }
        let inner = self.folder(name)?;
        for below in inner.names()? {
            // Most things are files.
            if inner.remove_file(&below).is_err() {
                inner.remove_all(&below)?;
            }
        }
        gone(self.remove_folder(name))
    }
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
