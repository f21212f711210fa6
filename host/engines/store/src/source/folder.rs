//! A folder that an archive was unpacked into, or that a tool wrote as an OCI layout. Its
//! names are opened below it.

use std::io;
use std::path::Path;

use super::found::{Files, Opened};
use crate::files::FileError;
use crate::files::below::ProjectTree;

pub(super) struct Folder(ProjectTree);

impl Folder {
    pub(super) fn at(path: &Path) -> Result<Self, FileError> {
        ProjectTree::open(path).map(Self)
    }
}

impl Files for Folder {
    fn open(&self, name: &str) -> io::Result<Option<Opened>> {
        let file = self.0.open_regular(Path::new(name)).map_err(io::Error::other)?;
        Ok(file.map(|file| Box::new(file) as Opened))
    }
}
