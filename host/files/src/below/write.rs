//! Writes below a project: nothing is written through a link that leads out.

use std::io::{self, Write as _};
use std::path::Path;

use super::resolve::Place;
use super::seen::{Kind, Seen};
use super::tree::ProjectTree;
use crate::error::{FileError, Reason};
use crate::replace::{New, Readers};

impl ProjectTree {
    /// Replaces a file, or makes it and its folders. A link that stays inside stays a link,
    /// and permissions stay.
    ///
    /// # Errors
    ///
    /// When it leads out, is no file, or cannot be written.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let unwritable = |error| self.failed(path, Reason::Unwritable(error));
        let Some(place) = self.place_to_write(path)? else {
            return Err(unwritable(io::ErrorKind::NotADirectory.into()));
        };
        match place.seen {
            None | Some(Seen { kind: Kind::File, .. }) => {}
            Some(seen) => return Err(self.failed(path, Reason::NotAFile(seen.kind))),
        }
        place.folder.sweep();
        let new = New { readers: Readers::AsBefore, durable: true };
        place.folder.replace(&place.name, new, |file| file.write_all(bytes)).map_err(unwritable)
    }

    /// The place of a file whose folders exist then.
    fn place_to_write(&self, path: &Path) -> Result<Option<Place>, FileError> {
        if let Some(place) = self.place(path)? {
            return Ok(Some(place));
        }
        let folders: Vec<&Path> = path.ancestors().skip(1).collect();
        for folder in folders.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
            let Some(place) = self.place(folder)? else { return Ok(None) };
            if place.seen.is_none() {
                match place.folder.make_folder(&place.name, 0o777) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(self.failed(path, Reason::Unwritable(error)));
                    }
                    _ => {}
                }
            }
        }
        self.place(path)
    }
}
