//! Brings changes of a session into the project.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use super::changes::Changes;
use super::snapshot::inner_path;

/// Writes what changed from `archive` to `root` and removes what is gone.
///
/// Nothing is written through a link: the archive was made by a session, and a
/// link in it could lead anywhere.
///
/// # Errors
///
/// When a file cannot be written; what was written before stays.
pub(crate) fn apply(changes: &Changes, archive: impl Read, root: &Path) -> io::Result<()> {
    let wanted: BTreeMap<&Path, bool> =
        changes.0.iter().map(|change| (change.path.as_path(), change.removed)).collect();
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let Some(path) = inner_path(&entry.path()?)? else { continue };
        if wanted.get(path.as_path()) != Some(&false) {
            continue;
        }
        let place = prepare(root, &path)?;
        if entry.header().entry_type() == tar::EntryType::Symlink {
            let target = entry.link_name()?.unwrap_or_default();
            std::os::unix::fs::symlink(target, place)?;
            continue;
        }
        let executable = entry.header().mode()? & 0o100 != 0;
        write(&mut entry, &place, executable)?;
    }
    for change in changes.0.iter().filter(|change| change.removed) {
        remove(&prepare_parent(root, &change.path)?)?;
    }
    Ok(())
}

/// Beside it first, then in its place at once.
fn write(content: &mut impl Read, place: &Path, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = place.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::copy(content, &mut file)?;
    let mode = if executable { 0o755 } else { 0o644 };
    file.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
    file.persist(place)?;
    Ok(())
}

/// The place of a file, with its folder made and nothing there that is in the
/// way.
fn prepare(root: &Path, path: &Path) -> io::Result<std::path::PathBuf> {
    let place = prepare_parent(root, path)?;
    match place.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => std::fs::remove_dir(&place)?,
        Ok(_) => std::fs::remove_file(&place)?,
        Err(_) => {}
    }
    Ok(place)
}

fn prepare_parent(root: &Path, path: &Path) -> io::Result<std::path::PathBuf> {
    let mut folder = root.to_owned();
    for part in path.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        match folder.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                std::fs::remove_file(&folder)?;
                std::fs::create_dir(&folder)?;
            }
            Err(_) => std::fs::create_dir(&folder)?,
        }
    }
    Ok(root.join(path))
}

fn remove(place: &Path) -> io::Result<()> {
    match std::fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
