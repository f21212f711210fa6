//! What a layer removes of those below it: `.wh.NAME` one thing, `.wh..wh..opq` all that
//! is in its folder. What the layer itself brings stays, wherever in the archive it is.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::fault::Wrong;

const PREFIX: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";
/// What AUFS kept for itself.
const OF_AUFS: &[u8] = b".wh..wh.";

/// What a name means.
pub(super) enum Whiteout<'a> {
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
