//! Brings changes of a session into the project.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{Archive, ArchiveEntry, Content};
use super::changes::{Change, Changes};
use super::tree;
use crate::files::ProjectTree;
use crate::files::below::{Folder, Kind, Reach};

/// Writes what changed from `archive` to `root` and removes what is gone.
///
/// Nothing is written or removed through a link: the archive was made by a session, and a
/// link in it could lead anywhere. So could one that a session puts here meanwhile.
///
/// # Errors
///
/// When a file cannot be written; what was written before stays.
pub fn apply(changes: &Changes, archive: &Archive, root: &Path) -> io::Result<()> {
    let (removed, written): (Vec<_>, Vec<_>) = changes.0.iter().partition(|change| change.removed);
    let written: BTreeSet<&Path> = written.iter().map(|change| change.path.as_path()).collect();
    // What is in a folder goes before the file that takes the folder's place, and
    // all else last: of a file that was moved one of both is always there.
    let makes_room =
        |change: &&Change| change.path.ancestors().skip(1).any(|folder| written.contains(folder));
    let (first, last): (Vec<_>, Vec<_>) = removed.into_iter().partition(makes_room);
    let mut here = ChangedProject { tree: tree(root)?, archive, swept: BTreeSet::new() };
    for change in first {
        here.remove(&change.path)?;
    }
    for path in written {
        if let Some(entry) = archive.at(path) {
            here.bring(path, entry).map_err(|error| naming(path, &error))?;
        }
    }
    for change in last {
        here.remove(&change.path)?;
    }
    Ok(())
}

fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}` cannot be written: {error}", path.display()))
}

/// The project, while it is changed.
struct ChangedProject<'a> {
    tree: ProjectTree,
    archive: &'a Archive,
    /// Folders without what a killed pull left in them.
    swept: BTreeSet<PathBuf>,
}

impl ChangedProject<'_> {
    fn bring(&mut self, path: &Path, entry: &ArchiveEntry) -> io::Result<()> {
        let (parent, name) = split(path)?;
        let folder = self.folder(parent)?;
        if self.swept.insert(parent.to_owned()) {
            folder.sweep();
        }
        let here = folder.look(name)?;
        if here.is_some_and(|seen| seen.kind == Kind::Folder) {
            folder.remove_folder(name)?;
        }
        match entry {
            ArchiveEntry::File(content) => {
                let mode = here.filter(|seen| seen.kind == Kind::File).map(|seen| seen.mode);
                self.write(*content, &folder, name, mode.map(|mode| mode & 0o777))
            }
            ArchiveEntry::Link(target) => folder.put_link(target, name),
            ArchiveEntry::Special => Ok(()),
        }
    }

    /// A folder, made with those that it is in, as private as in the session. What is here
    /// instead of one goes.
    fn folder(&self, path: &Path) -> io::Result<Arc<Folder>> {
        let Reach::Folder(mut folder) = self.tree.reach(Path::new(""))? else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let mut here = PathBuf::new();
        for name in path {
            here.push(name);
            match folder.look(name)?.map(|seen| seen.kind) {
                Some(Kind::Folder) => {}
                other => {
                    if other.is_some() {
                        folder.remove_file(name)?;
                    }
                    let mode = self.archive.folder(&here).unwrap_or(0o777);
                    folder.make_folder(name, 0o700 | mode)?;
                }
            }
            folder = Arc::new(folder.folder(name)?);
        }
        Ok(folder)
    }

    /// Beside it first, then in its place at once. A file that is here (`mode`) stays as
    /// private as it is, a new one is as private as in the session.
    fn write(
        &self,
        content: Content,
        folder: &Folder,
        name: &OsStr,
        mode: Option<u32>,
    ) -> io::Result<()> {
        // Of a new one without what the umask takes away.
        let mut file = folder.temporary(0o600 | mode.map_or(content.mode, |_| 0))?;
        io::copy(&mut self.archive.open(content)?, file.file())?;
        if let Some(mode) = mode {
            // Who may read it may run it.
            let run = if content.is_program() { (mode & 0o444) >> 2 } else { 0 };
            file.file().set_permissions(Permissions::from_mode(mode & !0o111 | run))?;
        }
        file.persist(name)
    }

    /// Removes a file, and folders that are empty then and gone in the session, too.
    fn remove(&self, path: &Path) -> io::Result<()> {
        let (parent, name) = split(path)?;
        let Reach::Folder(folder) = self.tree.reach(parent)? else { return Ok(()) };
        match folder.look(name)?.map(|seen| seen.kind) {
            // Its folder has come already, or it is gone.
            Some(Kind::Folder) | None => return Ok(()),
            Some(_) => folder.remove_file(name)?,
        }
        for path in parent.ancestors().filter(|path| !path.as_os_str().is_empty()) {
            let (parent, name) = split(path)?;
            let Reach::Folder(folder) = self.tree.reach(parent)? else { break };
            if self.archive.folder(path).is_some() || folder.remove_folder(name).is_err() {
                break;
            }
        }
        Ok(())
    }
}

fn split(path: &Path) -> io::Result<(&Path, &OsStr)> {
    let split = path.parent().zip(path.file_name());
    split.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}
