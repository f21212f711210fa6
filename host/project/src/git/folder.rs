//! A folder of a repository: what is at a path below it, without following any link.
//!
//! A repository is written by sessions and by whoever made the project. What is opened here
//! is opened by `files`, one name at a time; here are the paths that git has.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path};

use crate::files::below;
pub(super) use crate::files::below::Kind;

/// A folder that is open: whatever becomes of its name, it is this one.
#[derive(Debug)]
pub(super) struct Folder(below::Folder);

impl Folder {
    /// The folder at a path; links on the way are followed.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self(below::Folder::at(path)?))
    }

    /// The folder at a path below this one.
    ///
    /// # Errors
    ///
    /// When there is none, or a link is on the way.
    pub(super) fn folder(&self, path: &Path) -> io::Result<Self> {
        let mut found: Option<Self> = None;
        for name in names(path)? {
            let here = found.as_ref().unwrap_or(self);
            found = Some(Self(here.0.folder(name)?));
        }
        found.ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// The same, which is made where it is missing.
    pub(super) fn make(&self, path: &Path) -> io::Result<Self> {
        let mut found: Option<Self> = None;
        for name in names(path)? {
            let here = found.as_ref().unwrap_or(self);
            match here.0.make_folder(name, 0o777) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            found = Some(Self(here.0.folder(name)?));
        }
        found.ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// Does something with the folder that a path is in, and its last name.
    fn within<T>(
        &self,
        path: &Path,
        act: impl FnOnce(&below::Folder, &OsStr) -> io::Result<T>,
    ) -> io::Result<T> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => act(&self.folder(parent)?.0, name),
            _ => act(&self.0, name),
        }
    }

    /// What is at a path below this folder; none when there is nothing.
    pub(super) fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        let seen = present(self.within(path, |folder, name| folder.look(name)))?;
        Ok(seen.flatten().map(|seen| seen.kind))
    }

    /// A regular file below this folder; none when there is nothing. Nobody waits for the
    /// other end of a pipe.
    pub(super) fn file(&self, path: &Path) -> io::Result<Option<File>> {
        let open = |folder: &below::Folder, name: &OsStr| {
            let kind = folder.look(name)?.map(|seen| seen.kind);
            match kind {
                Some(kind) if kind != Kind::File => {
                    Err(io::Error::other(format!("it is {kind}, and not a file")))
                }
                _ => folder.file(name),
            }
        };
        present(self.within(path, open))
    }

    /// What a file below this folder holds; none when there is nothing.
    pub(super) fn read(&self, path: impl AsRef<Path>, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.file(path.as_ref())? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(too_large(limit));
        }
        Ok(Some(bytes))
    }

    /// The same as text, with whatever is no text replaced.
    pub(super) fn text(&self, path: impl AsRef<Path>, limit: u64) -> io::Result<Option<String>> {
        let bytes = self.read(path, limit)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Where the link of this name points.
    pub(super) fn target(&self, name: impl AsRef<OsStr>) -> io::Result<String> {
        Ok(self.0.target(name.as_ref())?.to_string_lossy().into_owned())
    }

    /// The names of what is in the folder, in order.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        self.0.names()
    }

    /// The first link in the folder, by name.
    pub(super) fn link(&self) -> io::Result<Option<OsString>> {
        for name in self.0.names()? {
            if self.0.look(&name)?.is_some_and(|seen| seen.kind == Kind::Link) {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// Who owns the folder.
    pub(super) fn owner(&self) -> io::Result<u32> {
        Ok(self.0.itself()?.owner)
    }

    /// Who owns what has this name, a link itself.
    pub(super) fn owner_of(&self, name: &str) -> io::Result<u32> {
        let seen = self.0.look(name.as_ref())?;
        seen.map(|seen| seen.owner).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// A new file of this name, to be written; an error when there is one.
    pub(super) fn create(&self, name: &OsStr, mode: u32) -> io::Result<File> {
        self.0.create(name, mode)
    }

    /// Gives a file of this folder another name, in place of what has it.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        self.0.rename(from, to)
    }

    /// Removes a file of this folder.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        self.0.remove_file(name)
    }

    /// A file below this folder to write at the end of; none when there is none.
    pub(super) fn append(&self, path: &Path) -> io::Result<Option<File>> {
        present(self.within(path, below::Folder::append))
    }
}

/// The names of a path that leads down and nowhere else.
fn names(path: &Path) -> io::Result<Vec<&OsStr>> {
    let parts = path.components().map(|part| match part {
        Component::Normal(name) => Ok(name),
        _ => Err(io::ErrorKind::InvalidInput.into()),
    });
    parts.collect()
}

/// None when there is nothing.
fn present<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The error about a file that holds more than it can.
pub(super) fn too_large(limit: u64) -> io::Error {
    io::Error::other(format!("it is larger than {} KiB", limit / 1024))
}
