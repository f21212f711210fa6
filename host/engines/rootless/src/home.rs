//! The home of a session: a copy of that of the image's user, which stays with it. What
//! is in an image is a stranger's: its folders are walked name by name.

use std::io;
use std::os::unix::fs::PermissionsExt as _;

use crate::files::below::{Folder, Kind};

/// The most that is copied of an image's home.
const LIMIT: u64 = 2 << 30;
/// The user can read and write their own files.
const OURS: u32 = 0o600;
const OUR_FOLDER: u32 = 0o700;

/// Copies a folder with its content. Links stay links, everything belongs to the user.
pub(crate) fn copy(from: &Folder, to: &Folder) -> io::Result<()> {
    copy_within(from, to, &mut LIMIT.clone())
}

fn copy_within(from: &Folder, to: &Folder, room: &mut u64) -> io::Result<()> {
    for name in from.names()? {
        let Some(seen) = from.look(&name)? else { continue };
        let mode = seen.mode & 0o777;
        match seen.kind {
            Kind::Folder => {
                to.make_folder(&name, OUR_FOLDER)?;
                let copied = to.folder(&name)?;
                copy_within(&from.folder(&name)?, &copied, room)?;
                copied.set_mode(mode | OUR_FOLDER)?;
            }
            Kind::Link => to.make_link(&from.target(&name)?, &name)?,
            Kind::File => {
                *room = room.checked_sub(seen.len).ok_or_else(|| {
                    io::Error::other(format!("the image's home has more than {} GiB", LIMIT >> 30))
                })?;
                let mut copied = to.create(&name, OURS)?;
                io::copy(&mut from.file(&name)?, &mut copied)?;
                copied.set_permissions(std::fs::Permissions::from_mode(mode | OURS))?;
            }
            Kind::Pipe | Kind::Socket | Kind::Device => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_copy_can_be_written_and_links_lead_where_they_did() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("conf")).unwrap();
        fs::write(from.path().join("conf/a"), "text").unwrap();
        fs::set_permissions(from.path().join("conf/a"), fs::Permissions::from_mode(0o444)).unwrap();
        symlink("/etc/passwd", from.path().join("link")).unwrap();
        copy(&Folder::at(from.path()).unwrap(), &Folder::at(to.path()).unwrap()).unwrap();
        let copied = to.path().join("conf/a");
        assert_eq!(fs::read_to_string(&copied).unwrap(), "text");
        assert_eq!(copied.metadata().unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(fs::read_link(to.path().join("link")).unwrap(), Path::new("/etc/passwd"));
    }
}
