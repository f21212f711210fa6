//! The archive of a session's copy: what is in it, and where its bytes are.
//!
//! Engines send a file with several names (hard links) under the first one, and
//! the others as entries without content. ChangedProject every name has the content,
//! whichever of them belongs to the project and whichever to a repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};

use super::{REPOSITORY, repository_of};

/// How long a block of an archive is; an empty one is its end.
const BLOCK: u64 = 512;

/// An archive whose paths begin with one folder, the project's.
#[derive(Debug)]
pub struct Archive {
    file: File,
    entries: BTreeMap<PathBuf, ArchiveEntry>,
    /// With their permissions.
    folders: BTreeMap<PathBuf, u32>,
}

/// What has a name in it, folders apart.
#[derive(Debug, Clone)]
pub(super) enum ArchiveEntry {
    File(Content),
    /// A symbolic link, and where it points.
    Link(PathBuf),
    /// A pipe or a device, which is not brought.
    Special,
}

/// The bytes of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Content {
    start: u64,
    size: u64,
    /// The permissions of the file.
    pub(super) mode: u32,
}

impl Content {
    /// Where its last block ends in the archive.
    pub(super) fn end(self) -> u64 {
        self.start.saturating_add(self.size).saturating_add(BLOCK - 1) / BLOCK * BLOCK
    }

    /// Whether its owner can run it.
    pub(super) fn is_program(self) -> bool {
        self.mode & 0o100 != 0
    }
}

impl Archive {
    /// Reads what there is; the bytes of files stay where they are.
    ///
    /// # Errors
    ///
    /// When it is no such archive, is not whole (what is missing would count as
    /// removed), or has a path that leads out of the folder.
    pub fn read(file: File) -> io::Result<Self> {
        let (mut entries, mut folders) = (BTreeMap::new(), BTreeMap::new());
        let mut end = 0;
        for entry in tar::Archive::new(&file).entries_with_seek()? {
            let entry = entry?;
            let content = Content {
                start: entry.raw_file_position(),
                size: entry.size(),
                mode: entry.header().mode()? & 0o777,
            };
            end = content.end();
            let Some(path) = inner_path(&entry.path()?)? else { continue };
            let target = || entry.link_name().map(Option::unwrap_or_default);
            let found = match entry.header().entry_type() {
                tar::EntryType::Directory => {
                    folders.insert(path, content.mode);
                    continue;
                }
                tar::EntryType::Regular => ArchiveEntry::File(content),
                tar::EntryType::Symlink => ArchiveEntry::Link(target()?.into_owned()),
                tar::EntryType::Link => {
                    let first = inner_path(&target()?)?;
                    let first = first.and_then(|first| entries.get(&first)).cloned();
                    first.ok_or_else(|| unknown(&path))?
                }
                tar::EntryType::Fifo | tar::EntryType::Char | tar::EntryType::Block => {
                    ArchiveEntry::Special
                }
                _ => return Err(unknown(&path)),
            };
            entries.insert(path, found);
        }
        if end == 0 || end.saturating_add(BLOCK) > file.metadata()?.len() {
            return Err(io::Error::other("it changed while it was read; try again"));
        }
        Ok(Self { file, entries, folders })
    }

    /// The files and links of the project, by path.
    pub(super) fn files(&self) -> impl Iterator<Item = (&Path, &ArchiveEntry)> {
        let all = self.entries.iter().filter(|(path, _)| repository_of(path).is_none());
        all.map(|(path, entry)| (path.as_path(), entry))
    }

    /// The files of the project's repository, by their path in it.
    pub(super) fn repository(&self) -> impl Iterator<Item = (&Path, Content)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            ArchiveEntry::File(content) => Some((path.strip_prefix(REPOSITORY).ok()?, *content)),
            _ => None,
        })
    }

    /// Repositories inside of the project, whose folders or files are not brought.
    pub fn inner_repositories(&self) -> BTreeSet<PathBuf> {
        let all = self.entries.keys().filter_map(|path| repository_of(path));
        all.filter(|path| *path != Path::new(REPOSITORY)).map(Path::to_owned).collect()
    }

    /// What is at a path.
    pub(super) fn at(&self, path: &Path) -> Option<&ArchiveEntry> {
        self.entries.get(path)
    }

    /// The permissions of a folder; none when there is no such folder.
    pub(super) fn folder(&self, path: &Path) -> Option<u32> {
        self.folders.get(path).copied()
    }

    /// The bytes of a file. One is read at a time.
    ///
    /// # Errors
    ///
    /// When the archive cannot be read.
    pub(super) fn open(&self, content: Content) -> io::Result<impl Read> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(content.start))?;
        Ok(file.take(content.size))
    }
}

fn unknown(path: &Path) -> io::Error {
    io::Error::other(format!("the engine does not report the type of `{}`", path.display()))
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
        return Err(io::Error::other(format!("`{}` is not a path of the project", path.display())));
    }
    Ok((!inner.as_os_str().is_empty()).then_some(inner))
}
