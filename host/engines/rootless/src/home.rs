//! The home of a session: a copy of that of the image's user, which stays with it.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

/// The most that is copied of an image's home.
const LIMIT: u64 = 2 << 30;
/// The user can read and write what is theirs.
const OURS: u32 = 0o600;
const OUR_FOLDER: u32 = 0o700;

/// Copies a folder with what is in it. Links stay links, everything belongs to the user.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    copy_within(from, to, &mut LIMIT.clone())
}

fn copy_within(from: &Path, to: &Path, room: &mut u64) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let metadata = entry.metadata()?;
        let mode = metadata.permissions().mode() & 0o777;
        if metadata.is_dir() {
            fs::create_dir(&target)?;
            fs::set_permissions(&target, fs::Permissions::from_mode(mode | OUR_FOLDER))?;
            copy_within(&source, &target, room)?;
        } else if metadata.is_symlink() {
            symlink(fs::read_link(&source)?, &target)?;
        } else if metadata.is_file() {
            *room = room.checked_sub(metadata.len()).ok_or_else(|| {
                io::Error::other(format!("the image's home has more than {} GiB", LIMIT >> 30))
            })?;
            fs::copy(&source, &target)?;
            fs::set_permissions(&target, fs::Permissions::from_mode(mode | OURS))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_can_be_written_and_links_lead_where_they_did() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("conf")).unwrap();
        fs::write(from.path().join("conf/a"), "text").unwrap();
        fs::set_permissions(from.path().join("conf/a"), fs::Permissions::from_mode(0o444)).unwrap();
        symlink("/etc/passwd", from.path().join("link")).unwrap();
        copy(from.path(), to.path()).unwrap();
        let copied = to.path().join("conf/a");
        assert_eq!(fs::read_to_string(&copied).unwrap(), "text");
        assert_eq!(copied.metadata().unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(fs::read_link(to.path().join("link")).unwrap(), Path::new("/etc/passwd"));
    }
}
