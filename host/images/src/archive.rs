//! Entries of the archives that an engine is sent.
//!
//! Links stay links, and times are kept: the builder's cache does not look at
//! them, but programs in the image do. zip refuses what is dated before 1980, and
//! make compares.

use std::io::{self, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Owner;
use crate::files::below::{Entry, Kind};

/// Appends `entry` under its path. Sockets, pipes and devices are left out: a container
/// cannot use them; and what is gone since it was seen.
///
/// # Errors
///
/// When it cannot be read, or the archive not written.
pub fn append(
    archive: &mut tar::Builder<impl Write>,
    entry: &Entry,
    owner: Owner,
) -> io::Result<()> {
    let (seen, path) = (entry.seen(), entry.path());
    let mut header = header(owner, seen.mode);
    header.set_mtime(u64::try_from(seen.modified).unwrap_or(0));
    match seen.kind {
        Kind::Folder => {
            header.set_entry_type(tar::EntryType::Directory);
            archive.append_data(&mut header, path, io::empty())
        }
        Kind::Link => {
            header.set_entry_type(tar::EntryType::Symlink);
            archive.append_link(&mut header, path, entry.target()?)
        }
        Kind::File => {
            let Some(file) = entry.open()? else { return Ok(()) };
            let length = file.metadata()?.len();
            header.set_size(length);
            // Exactly as many bytes as announced, also of a file that changes.
            archive.append_data(&mut header, path, file.chain(io::repeat(0)).take(length))
        }
        Kind::Pipe | Kind::Socket | Kind::Device => Ok(()),
    }
}

/// Appends a folder that is made now.
///
/// # Errors
///
/// When the archive cannot be written.
pub fn append_folder(
    archive: &mut tar::Builder<impl Write>,
    relative: &str,
    owner: Owner,
    mode: u32,
) -> io::Result<()> {
    let mut header = header(owner, mode);
    header.set_entry_type(tar::EntryType::Directory);
    archive.append_data(&mut header, relative, io::empty())
}

/// Appends a file that is made now.
///
/// # Errors
///
/// When the archive cannot be written.
pub fn append_file(
    archive: &mut tar::Builder<impl Write>,
    relative: &str,
    owner: Owner,
    mode: u32,
    content: &[u8],
) -> io::Result<()> {
    let mut header = header(owner, mode);
    header.set_size(content.len() as u64);
    archive.append_data(&mut header, relative, content)
}

fn header(owner: Owner, mode: u32) -> tar::Header {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut header = tar::Header::new_gnu();
    header.set_uid(u64::from(owner.uid));
    header.set_gid(u64::from(owner.gid));
    header.set_mode(mode);
    header.set_mtime(now.as_secs());
    header.set_size(0);
    header
}
