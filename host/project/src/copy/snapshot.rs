//! The state of all files at one moment, as digests.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::hexadecimal;
use super::archive::{Archive, ArchiveEntry};
use super::{repository_of, tree};
use crate::files::ProjectTree;
use crate::files::below::Kind;

/// Path → what is there: digest and whether it can be run, or where it points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot(pub(super) BTreeMap<PathBuf, String>);

impl Snapshot {
    /// Of `paths` below `root`; folders and repositories do not count, and nothing that is
    /// behind a link by now.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn of_folder(root: &Path, paths: &[PathBuf]) -> io::Result<Self> {
        let tree = tree(root)?;
        let mut all = BTreeMap::new();
        for path in paths {
            if repository_of(path).is_some() {
                continue;
            }
            if let Some(state) = state_of(&tree, path)? {
                all.insert(path.clone(), state);
            }
        }
        Ok(Self(all))
    }

    /// Of a session's copy.
    ///
    /// # Errors
    ///
    /// When the archive cannot be read.
    pub fn of_archive(archive: &Archive) -> io::Result<Self> {
        let mut all = BTreeMap::new();
        for (path, entry) in archive.files() {
            let state = match entry {
                ArchiveEntry::File(content) => {
                    file_state(&mut archive.open(*content)?, content.is_program())?
                }
                ArchiveEntry::Link(target) => link_state(target),
                ArchiveEntry::Special => continue,
            };
            all.insert(path.to_owned(), state);
        }
        Ok(Self(all))
    }

    /// How many files there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many files differ from `other`.
    pub fn difference(&self, other: &Self) -> usize {
        let gone = other.0.keys().filter(|path| !self.0.contains_key(*path)).count();
        gone + self.0.iter().filter(|(path, state)| other.0.get(*path) != Some(state)).count()
    }
}

/// What is at a path; none when there is no file or link.
pub(super) fn state_of(tree: &ProjectTree, path: &Path) -> io::Result<Option<String>> {
    let Some(entry) = tree.entry(path)? else { return Ok(None) };
    match entry.seen().kind {
        Kind::Link => Ok(Some(link_state(&entry.target()?))),
        Kind::File => {
            let Some(mut file) = entry.open()? else { return Ok(None) };
            file_state(&mut file, entry.seen().mode & 0o100 != 0).map(Some)
        }
        _ => Ok(None),
    }
}

fn link_state(target: &Path) -> String {
    format!("link {}", target.display())
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
