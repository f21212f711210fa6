//! Files that are put into a session and taken out of it again: a copy of the project, and
//! the note of what was copied. They lie in a folder of the session.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::contract::{Archive, ContainersError};
use crate::error::failed;
use crate::files::{ProjectTree, Spool};
use crate::folder::{self, Folder};
use crate::images::{Owner, archive};

/// Unpacks an archive of ours at a path of the session.
pub(crate) fn put(session: &Folder, path: &str, archive: Archive) -> Result<(), ContainersError> {
    let target = below(session, path);
    let unpacked = match archive {
        Archive::Bytes(bytes) => unpack(bytes.as_slice(), &target),
        Archive::Spooled(file) => unpack(file, &target),
    };
    unpacked.map_err(|error| failed("write into the session", error))
}

/// What is at a path of the session, as an archive. Links in it lead nowhere.
pub(crate) fn get(session: &Folder, path: &str) -> Result<File, ContainersError> {
    let missing = || io::Error::from(io::ErrorKind::NotFound);
    let packed = || {
        let target = below(session, path);
        let (above, name) = (target.parent().zip(target.file_name())).ok_or_else(missing)?;
        let tree = ProjectTree::open(above).map_err(io::Error::other)?;
        tree.entry(Path::new(name))?.ok_or_else(missing)?;
        let mut packed = tar::Builder::new(Spool::new()?);
        let walked = tree.walk((), &mut |entry, ()| {
            let is_meant = entry.path().starts_with(name);
            if is_meant {
                archive::append(&mut packed, entry, Owner { uid: 0, gid: 0 })?;
            }
            Ok(is_meant.then_some(()))
        });
        walked.map_err(io::Error::other)?;
        let mut spool = packed.into_inner()?;
        spool.flush()?;
        Ok(spool.rewound()?)
    };
    packed().map_err(|error: io::Error| failed("read the files of the session", error))
}

/// Where the path of a session is on this machine.
pub(crate) fn below(session: &Folder, path: &str) -> PathBuf {
    session.path().join(folder::FILES).join(path.trim_start_matches('/'))
}

fn unpack(archive: impl io::Read, target: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(archive);
    archive.set_preserve_permissions(true);
    archive.set_preserve_ownerships(false);
    archive.unpack(target)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::files::OwnFolder;

    fn session(home: &Path) -> Folder {
        std::fs::create_dir(home.join(folder::FILES)).unwrap();
        Folder(OwnFolder::open(home).unwrap().unwrap())
    }

    fn paths(archive: File) -> Vec<String> {
        let mut archive = tar::Archive::new(archive);
        let entries = archive.entries().unwrap().map(|it| it.unwrap());
        let mut paths: Vec<String> =
            entries.map(|it| it.path().unwrap().display().to_string()).collect();
        paths.sort();
        paths
    }

    #[test]
    fn what_was_put_in_comes_out_again_and_nothing_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let session = session(home.path());
        let mut archive = tar::Builder::new(Vec::new());
        let owner = Owner { uid: 7, gid: 7 };
        archive::append_folder(&mut archive, "work/x", owner, 0o755).unwrap();
        archive::append_file(&mut archive, "work/x/a.txt", owner, 0o644, b"text").unwrap();
        archive::append_file(&mut archive, "work/other", owner, 0o644, b"").unwrap();
        put(&session, "/", Archive::Bytes(archive.into_inner().unwrap())).unwrap();
        symlink("/etc", home.path().join("files/work/x/out")).unwrap();
        assert_eq!(paths(get(&session, "/work/x").unwrap()), ["x", "x/a.txt", "x/out"]);
        assert!(get(&session, "/work/gone").is_err());
        let mut note = String::new();
        get(&session, "/work/other").unwrap().read_to_string(&mut note).unwrap();
        assert!(note.starts_with("other"));
    }
}
