//! Makes what is no file in a folder: links of both kinds; and what a folder and
//! everything in it is like. For trees of images, which the store writes name by name.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::path::Path;

use rustix::fs::{self as system, AtFlags, Dir, FileType, Timespec, Timestamps};
use rustix::io::Errno;

use super::folder::{Folder, permissions, plain};

/// The numbers by which hard links to one file are recognised.
type Inode = (u64, u64);

impl Folder {
    /// Makes a link. Where it points to is data: nothing is looked up.
    ///
    /// # Errors
    ///
    /// When something has the name, or the folder cannot be written to.
    pub fn make_link(&self, target: &Path, name: &OsStr) -> io::Result<()> {
        Ok(system::symlinkat(target, self.descriptor(), plain(name)?)?)
    }

    /// Gives a file of this folder, or a link itself, one more name in another one.
    ///
    /// # Errors
    ///
    /// When something has the name, or the file system has no hard links.
    pub fn hard_link(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        let (name, new) = (plain(name)?, plain(new)?);
        Ok(system::linkat(self.descriptor(), name, to.descriptor(), new, AtFlags::empty())?)
    }

    /// Sets the permissions of the folder itself, whatever the umask is.
    ///
    /// # Errors
    ///
    /// When it cannot be listed, or is not ours.
    pub fn set_mode(&self, mode: u32) -> io::Result<()> {
        Ok(system::fchmod(self.readable()?, permissions(mode))?)
    }

    /// Sets when the folder itself was changed last: seconds since 1970.
    ///
    /// # Errors
    ///
    /// When it cannot be listed, or is not ours.
    pub fn set_modified(&self, seconds: i64) -> io::Result<()> {
        #[allow(clippy::useless_conversion, reason = "other systems have other types")]
        let time = Timespec { tv_sec: seconds.into(), tv_nsec: 0 };
        let times = Timestamps { last_access: time, last_modification: time };
        Ok(system::futimens(self.readable()?, &times)?)
    }

    /// The bytes that everything below takes on the disk, hard links once.
    ///
    /// # Errors
    ///
    /// When a folder cannot be listed.
    pub fn size_on_disk(&self) -> io::Result<u64> {
        self.blocks(&mut HashSet::new()).map(|blocks| blocks.saturating_mul(512))
    }

    #[allow(
        clippy::useless_conversion,
        clippy::unnecessary_fallible_conversions,
        clippy::cast_sign_loss,
        reason = "these numbers have other types on other systems"
    )]
    fn blocks(&self, linked: &mut HashSet<Inode>) -> io::Result<u64> {
        let listed = self.readable()?;
        let mut blocks = 0_u64;
        for entry in Dir::read_from(&listed)? {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let stat = match system::statat(&listed, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => stat,
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(error.into()),
            };
            let is_folder = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
            if !is_folder && stat.st_nlink > 1 {
                let inode = (stat.st_dev as u64, stat.st_ino as u64);
                if !linked.insert(inode) {
                    continue;
                }
            }
            blocks = blocks.saturating_add(u64::try_from(stat.st_blocks).unwrap_or_default());
            if is_folder {
                let name = std::os::unix::ffi::OsStrExt::from_bytes(name.to_bytes());
                blocks = blocks.saturating_add(self.folder(name)?.blocks(linked)?);
            }
        }
        Ok(blocks)
    }
}
