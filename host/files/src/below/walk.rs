//! Everything below the root of a project, in the order of names.
//!
//! The folders that are looked into are held open, each until what is in it was seen: a
//! folder that is swapped for a link in the meantime is not entered, and a file is opened
//! in the folder that was listed, wherever its name leads by now.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::{Folder, Inner};
use super::seen::{Kind, Seen};
use super::tree::ProjectTree;
use crate::error::{FileError, Reason};
use crate::regular::is_missing;

/// Something in a folder that is held open.
#[derive(Debug)]
pub struct Entry {
    folder: Arc<Folder>,
    path: PathBuf,
    seen: Seen,
}

impl Entry {
    pub(super) fn new(folder: Arc<Folder>, path: PathBuf, seen: Seen) -> Self {
        Self { folder, path, seen }
    }

    /// Where it is, from the root.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Opens it, when it is a file; none when it is gone.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, or has become something else.
    pub fn open(&self) -> io::Result<Option<File>> {
        match self.folder.file(self.name()) {
            Ok(file) => Ok(Some(file)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Where it points, when it is a link.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn target(&self) -> io::Result<PathBuf> {
        self.folder.target(self.name())
    }

    fn name(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }
}

/// A folder that waits to be looked into.
struct Waiting<T> {
    folder: Arc<Folder>,
    name: OsString,
    path: PathBuf,
    state: T,
}

impl ProjectTree {
    /// Calls `visit` for everything below the root: all of a folder first, then what is in
    /// its folders. `visit` gets what it gave for the folder (`state` for the root), and
    /// gives something for each folder that is to be looked into.
    ///
    /// # Errors
    ///
    /// When a folder cannot be listed, and what `visit` fails with.
    pub fn walk<T>(
        &self,
        state: T,
        visit: &mut dyn FnMut(&Entry, &T) -> io::Result<Option<T>>,
    ) -> Result<(), FileError> {
        let failed = |path: &Path, error| self.failed(path, Reason::Unreadable(error));
        let mut waiting: Vec<Waiting<T>> = Vec::new();
        let mut next = Some((Arc::clone(&self.root), PathBuf::new(), state));
        while let Some((folder, path, state)) = next {
            let mut below = Vec::new();
            for name in folder.names().map_err(|error| failed(&path, error))? {
                let path = path.join(&name);
                let seen = folder.look(&name).map_err(|error| failed(&path, error))?;
                // Gone since the folder was listed.
                let Some(seen) = seen else { continue };
                let entry = Entry::new(Arc::clone(&folder), path, seen);
                let inner = visit(&entry, &state).map_err(|error| failed(&entry.path, error))?;
                if let (Kind::Folder, Some(state)) = (seen.kind, inner) {
                    let folder = Arc::clone(&folder);
                    below.push(Waiting { folder, name, path: entry.path, state });
                }
            }
            waiting.extend(below.into_iter().rev());
            next = None;
            while let Some(one) = waiting.pop() {
                let inner = one.folder.inner(&one.name);
                match inner.map_err(|error| failed(&one.path, error))? {
                    Inner::Folder(inner) => {
                        next = Some((Arc::new(inner), one.path, one.state));
                        break;
                    }
                    // Gone, or something else by now.
                    Inner::Missing | Inner::Other(_) => {}
                }
            }
        }
        Ok(())
    }
}
