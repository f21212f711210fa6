//! A path of a project as it is, with no link followed at all: what is copied to a session
//! and what is brought back has exactly this path.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::folder::{Folder, Inner};
use super::tree::ProjectTree;
use super::walk::Entry;
use crate::regular::is_missing;

/// What becomes of the way to a folder.
#[derive(Debug)]
pub enum Reach {
    Folder(Arc<Folder>),
    /// There is no such folder.
    Missing,
    /// The first of the folders on the way that is something else, such as a link.
    InTheWay(PathBuf),
}

impl ProjectTree {
    /// The folder at `path`; the root is the empty path.
    ///
    /// # Errors
    ///
    /// When it cannot be found out, or a part of the path is no name.
    pub fn reach(&self, path: &Path) -> io::Result<Reach> {
        let mut folder = Arc::clone(&self.root);
        let mut here = PathBuf::new();
        for part in path.components() {
            let Component::Normal(name) = part else {
                return Err(io::ErrorKind::InvalidInput.into());
            };
            here.push(name);
            match folder.inner(name)? {
                Inner::Folder(inner) => folder = Arc::new(inner),
                Inner::Missing => return Ok(Reach::Missing),
                Inner::Other(_) => return Ok(Reach::InTheWay(here)),
            }
        }
        Ok(Reach::Folder(folder))
    }

    /// What is at `path`; none when there is nothing, or when it is behind a link.
    ///
    /// # Errors
    ///
    /// As [`Self::reach`].
    pub fn entry(&self, path: &Path) -> io::Result<Option<Entry>> {
        let Some(name) = path.file_name() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let parent = path.parent().unwrap_or(Path::new(""));
        let Reach::Folder(folder) = self.reach(parent)? else { return Ok(None) };
        match folder.look(name) {
            Ok(seen) => Ok(seen.map(|seen| Entry::new(folder, path.to_owned(), seen))),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
