//! The state of all files at one moment, as digests.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::hexadecimal;
use super::REPOSITORY;

/// Path → what is there: digest and whether it can be run, or where it points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot(pub(super) BTreeMap<PathBuf, String>);

impl Snapshot {
    /// Of `paths` below `root`; folders and the repository do not count.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub(crate) fn of_folder(root: &Path, paths: &[PathBuf]) -> io::Result<Self> {
        let mut all = BTreeMap::new();
        for path in paths {
            if path.starts_with(REPOSITORY) {
                continue;
            }
            if let Some(state) = state_of(&root.join(path))? {
                all.insert(path.clone(), state);
            }
        }
        Ok(Self(all))
    }

    /// Of an archive whose paths begin with one folder.
    ///
    /// # Errors
    ///
    /// When it is no such archive, or has a path that leads out of the folder.
    pub(crate) fn of_archive(archive: impl Read) -> io::Result<Self> {
        let mut all = BTreeMap::new();
        for entry in tar::Archive::new(archive).entries()? {
            let mut entry = entry?;
            let Some(path) = inner_path(&entry.path()?)? else { continue };
            if path.starts_with(REPOSITORY) {
                continue;
            }
            let header = entry.header();
            let state = match header.entry_type() {
                tar::EntryType::Symlink => {
                    let target = entry.link_name()?.unwrap_or_default();
                    format!("link {}", target.display())
                }
                kind if kind.is_file() => {
                    let executable = header.mode()? & 0o100 != 0;
                    file_state(&mut entry, executable)?
                }
                _ => continue,
            };
            all.insert(path, state);
        }
        Ok(Self(all))
    }

    /// How many files differ from `other`.
    pub(crate) fn difference(&self, other: &Self) -> usize {
        let gone = other.0.keys().filter(|path| !self.0.contains_key(*path)).count();
        gone + self.0.iter().filter(|(path, state)| other.0.get(*path) != Some(state)).count()
    }
}

/// A path of an archive below its first folder; none for that folder itself.
///
/// # Errors
///
/// For what could lead out of the folder: it was made by a session, which is
/// not to be trusted.
pub(super) fn inner_path(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut parts = path.components().filter(|part| *part != Component::CurDir);
    parts.next();
    let inner: PathBuf = parts.clone().collect();
    if path.is_absolute() || parts.any(|part| !matches!(part, Component::Normal(_))) {
        return Err(io::Error::other(format!("`{}` is no path of the project", path.display())));
    }
    Ok((!inner.as_os_str().is_empty()).then_some(inner))
}

/// What is at a path; none when there is no file or link.
pub(super) fn state_of(path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if metadata.is_symlink() {
        return Ok(Some(format!("link {}", std::fs::read_link(path)?.display())));
    }
    if !metadata.is_file() {
        return Ok(None);
    }
    let executable = metadata.permissions().mode() & 0o100 != 0;
    file_state(&mut std::fs::File::open(path)?, executable).map(Some)
}

fn file_state(file: &mut impl Read, executable: bool) -> io::Result<String> {
    struct Hashing(Sha256);
    impl io::Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hashing = Hashing(Sha256::new());
    io::copy(file, &mut hashing)?;
    let kind = if executable { "program" } else { "file" };
    Ok(format!("{kind} {}", hexadecimal(&hashing.0.finalize())))
}
