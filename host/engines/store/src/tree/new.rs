//! What the layer that is laid brought itself: what it removes of layers below, it does not
//! remove of that.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;

use crate::fault::Bound;
use crate::files::below::{Folder, Kind};
use crate::layer::Budget;

/// Places without links, from the root.
#[derive(Default)]
pub(super) struct New(HashSet<Vec<u8>>);

impl New {
    /// Another layer begins.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Notes something, and the folders that it is in.
    pub(super) fn note(&mut self, mut path: Vec<u8>, budget: &mut Budget) -> Result<(), Bound> {
        while !path.is_empty() && !self.0.contains(&path) {
            budget.name(path.len())?;
            let above = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            let parent = path.get(..above).unwrap_or_default().to_vec();
            self.0.insert(std::mem::replace(&mut path, parent));
        }
        Ok(())
    }

    /// Removes one thing that layers below put into a folder.
    pub(super) fn remove_old(&self, folder: &Folder, name: &OsStr, path: &[u8]) -> io::Result<()> {
        if !self.0.contains(path) {
            return folder.remove_all(name);
        }
        // A folder of this layer over one of a layer below.
        match folder.look(name)? {
            Some(seen) if seen.kind == Kind::Folder => self.clear_old(&folder.folder(name)?, path),
            _ => Ok(()),
        }
    }

    /// Removes everything that layers below put into a folder.
    pub(super) fn clear_old(&self, folder: &Folder, path: &[u8]) -> io::Result<()> {
        for name in folder.names()? {
            let path = match path {
                b"" => name.as_bytes().to_vec(),
                path => [path, b"/", name.as_bytes()].concat(),
            };
            self.remove_old(folder, &name, &path)?;
        }
        Ok(())
    }
}
