//! Brings changes of a session into the project.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use super::archive::{Archive, Content, Entry};
use super::changes::{Change, Changes};
use super::in_the_way;

/// Writes what changed from `archive` to `root` and removes what is gone.
///
/// Nothing is written through a link: the archive was made by a session, and a
/// link in it could lead anywhere.
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
    for change in first {
        remove(root, &change.path, archive)?;
    }
    for path in written {
        if let Some(entry) = archive.at(path) {
            bring(root, path, entry, archive).map_err(|error| naming(path, &error))?;
        }
    }
    for change in last {
        remove(root, &change.path, archive)?;
    }
    Ok(())
}

fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}` cannot be written: {error}", path.display()))
}

fn bring(root: &Path, path: &Path, entry: &Entry, archive: &Archive) -> io::Result<()> {
    make_folders(root, path, archive)?;
    let place = root.join(path);
    if place.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        std::fs::remove_dir(&place)?;
    }
    match entry {
        Entry::File(content) => write(archive, *content, &place),
        Entry::Link(target) => link(target, &place),
        Entry::Special => Ok(()),
    }
}

/// The folders of a path, as private as in the session. What is here instead of
/// one goes.
fn make_folders(root: &Path, path: &Path, archive: &Archive) -> io::Result<()> {
    if let Some(other) = in_the_way(root, path)? {
        std::fs::remove_file(root.join(other))?;
    }
    let mut folder = std::path::PathBuf::new();
    for part in path.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        let mode = archive.folder(&folder).unwrap_or(0o777);
        match DirBuilder::new().mode(0o700 | mode).create(root.join(&folder)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Beside it first, then in its place at once. A file that is here stays as
/// private as it is, a new one is as private as in the session.
fn write(archive: &Archive, content: Content, place: &Path) -> io::Result<()> {
    let here = place.symlink_metadata().ok().filter(std::fs::Metadata::is_file);
    let here = here.map(|metadata| metadata.permissions().mode() & 0o777);
    let mut builder = tempfile::Builder::new();
    if here.is_none() {
        // Without what the umask takes away.
        builder.permissions(Permissions::from_mode(0o600 | content.mode));
    }
    let mut file = builder.tempfile_in(folder_of(place))?;
    io::copy(&mut archive.open(content)?, &mut file)?;
    if let Some(mode) = here {
        // Who may read it may run it.
        let run = if content.is_program() { (mode & 0o444) >> 2 } else { 0 };
        file.as_file().set_permissions(Permissions::from_mode(mode & !0o111 | run))?;
    }
    file.persist(place)?;
    Ok(())
}

/// Likewise.
fn link(target: &Path, place: &Path) -> io::Result<()> {
    let made = tempfile::Builder::new().make_in(folder_of(place), |path| symlink(target, path))?;
    made.into_temp_path().persist(place)?;
    Ok(())
}

fn folder_of(place: &Path) -> &Path {
    place.parent().unwrap_or(Path::new("."))
}

/// Removes a file, and folders that are empty then and gone in the session, too.
fn remove(root: &Path, path: &Path, archive: &Archive) -> io::Result<()> {
    let place = root.join(path);
    if in_the_way(root, path)?.is_some() {
        return Ok(());
    }
    match place.symlink_metadata() {
        // Its folder has come already.
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Ok(_) => std::fs::remove_file(&place)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    for folder in path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        if archive.folder(folder).is_some() || std::fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}
