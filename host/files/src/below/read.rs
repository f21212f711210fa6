//! Reads files of a project, through links as long as they stay inside.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::resolve::{Place, resolve};
use super::seen::{Kind, Seen};
use super::tree::ProjectTree;
use crate::error::{FileError, Reason};
use crate::regular::{is_missing, read_at_most};

impl ProjectTree {
    /// What is at `path` once links are followed; none when there is nothing.
    ///
    /// # Errors
    ///
    /// When it leads out, or cannot be found out.
    pub fn look(&self, path: &Path) -> Result<Option<Seen>, FileError> {
        Ok(self.place(path)?.and_then(|place| place.seen))
    }

    /// Where `path` leads once links are followed, from the root; none when there is
    /// nothing.
    ///
    /// # Errors
    ///
    /// As [`Self::look`].
    pub fn real_path(&self, path: &Path) -> Result<Option<PathBuf>, FileError> {
        let place = self.place(path)?;
        Ok(place.filter(|place| place.seen.is_some()).map(|place| place.path))
    }

    /// Opens a file; none when there is nothing.
    ///
    /// # Errors
    ///
    /// When it leads out, is no file, or cannot be opened.
    pub fn open_regular(&self, path: &Path) -> Result<Option<File>, FileError> {
        let Some(place) = self.place(path)? else { return Ok(None) };
        match place.seen.map(|seen| seen.kind) {
            None => return Ok(None),
            Some(Kind::File) => {}
            Some(kind) => return Err(self.failed(path, Reason::NotAFile(kind))),
        }
        match place.folder.file(&place.name) {
            Ok(file) => Ok(Some(file)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.failed(path, Reason::Unreadable(error))),
        }
    }

    /// Reads a file of at most `limit` bytes; none when there is nothing.
    ///
    /// # Errors
    ///
    /// As [`Self::open_regular`], and when it is larger.
    pub fn read(&self, path: &Path, limit: u64) -> Result<Option<Vec<u8>>, FileError> {
        let Some(file) = self.open_regular(path)? else { return Ok(None) };
        read_at_most(&file, limit).map(Some).map_err(|reason| self.failed(path, reason))
    }

    /// The same for text.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], and when it is not UTF-8.
    pub fn read_text(&self, path: &Path, limit: u64) -> Result<Option<String>, FileError> {
        let Some(bytes) = self.read(path, limit)? else { return Ok(None) };
        let text = String::from_utf8(bytes);
        text.map(Some).map_err(|_| self.failed(path, Reason::NotText))
    }

    /// The text of one file of the project at `root`; none when there is nothing, or no
    /// such project.
    ///
    /// # Errors
    ///
    /// As [`Self::read_text`].
    pub fn text_of(root: &Path, path: &Path, limit: u64) -> Result<Option<String>, FileError> {
        match Self::open(root) {
            Err(error) if error.io_kind() == Some(io::ErrorKind::NotFound) => Ok(None),
            tree => tree?.read_text(path, limit),
        }
    }

    /// A folder of it as a tree of its own, whose links may not lead out of that folder;
    /// none when there is no such folder.
    ///
    /// # Errors
    ///
    /// When it leads out, or cannot be opened.
    pub fn subtree(&self, path: &Path) -> Result<Option<Self>, FileError> {
        let Some(place) = self.place(path)? else { return Ok(None) };
        if place.seen.is_none_or(|seen| seen.kind != Kind::Folder) {
            return Ok(None);
        }
        let root = place.folder.folder(&place.name);
        let root = root.map_err(|error| self.failed(path, Reason::Unreadable(error)))?;
        Ok(Some(Self { root: Arc::new(root), path: self.path.join(place.path) }))
    }

    pub(super) fn place(&self, path: &Path) -> Result<Option<Place>, FileError> {
        resolve(self, path).map_err(|reason| self.failed(path, reason))
    }
}
