//! What a layer removes of those below it: `.wh.NAME` one thing, `.wh..wh..opq` all that
//! is in its folder. What the layer itself brings stays, wherever in the archive it is.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;

use super::below::{Missing, Place};
use super::writer::Writer;
use crate::fault::{Fault, Wrong};
use crate::files::below::{Folder, Kind};

const PREFIX: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";
/// What AUFS kept for itself.
const OF_AUFS: &[u8] = b".wh..wh.";

/// What a name means.
pub(super) enum Whiteout<'a> {
    /// Itself.
    None,
    /// Nothing that concerns a tree.
    Ignored,
    /// Everything in the folder that it is in.
    Opaque,
    /// Something beside it.
    Of(&'a OsStr),
}

impl<'a> Whiteout<'a> {
    /// `names` are those of an entry of the archive.
    pub(super) fn of(names: &[&'a OsStr]) -> Result<Self, Wrong> {
        let begins = |name: &OsStr, with| name.as_bytes().starts_with(with);
        let Some((name, folders)) = names.split_last() else { return Ok(Self::None) };
        if folders.iter().any(|name| begins(name, OF_AUFS)) {
            return Ok(Self::Ignored);
        }
        if folders.iter().any(|name| begins(name, PREFIX)) {
            return Err(Wrong::Whiteout);
        }
        match name.as_bytes() {
            OPAQUE => Ok(Self::Opaque),
            name if name.starts_with(OF_AUFS) => Ok(Self::Ignored),
            name => match name.strip_prefix(PREFIX) {
                None => Ok(Self::None),
                Some(b"" | b"." | b"..") => Err(Wrong::Whiteout),
                Some(name) => Ok(Self::Of(OsStr::from_bytes(name))),
            },
        }
    }
}

impl Writer {
    pub(super) fn white_out(
        &mut self,
        entry: &[u8],
        folder: &[&OsStr],
        name: &OsStr,
    ) -> Result<(), Fault> {
        let Some(place) = self.place(entry, folder, Missing::Leave)? else { return Ok(()) };
        let path = place.join(name);
        let removed = || match self.is_new(&path) {
            false => place.folder.remove_all(name),
            // A folder of this layer over one of a layer below.
            true => match place.folder.look(name)? {
                Some(seen) if seen.kind == Kind::Folder => {
                    self.clear(&place.folder.folder(name)?, &path)
                }
                _ => Ok(()),
            },
        };
        removed().map_err(|error| self.unwritable(&path, error))?;
        self.forget_place();
        Ok(())
    }

    pub(super) fn make_opaque(&mut self, entry: &[u8], folder: &[&OsStr]) -> Result<(), Fault> {
        let Some(Place { folder, path }) = self.place(entry, folder, Missing::Leave)? else {
            return Ok(());
        };
        let path = path.strip_suffix(b"/").unwrap_or(&path);
        self.clear(&folder, path).map_err(|error| self.unwritable(path, error))?;
        self.forget_place();
        Ok(())
    }

    /// Removes from a folder what layers below put there.
    fn clear(&self, folder: &Folder, path: &[u8]) -> io::Result<()> {
        for name in folder.names()? {
            let path = match path {
                b"" => name.as_bytes().to_vec(),
                path => [path, b"/", name.as_bytes()].concat(),
            };
            if !self.is_new(&path) {
                folder.remove_all(&name)?;
            } else if folder.look(&name)?.is_some_and(|seen| seen.kind == Kind::Folder) {
                self.clear(&folder.folder(&name)?, &path)?;
            }
        }
        Ok(())
    }
}
