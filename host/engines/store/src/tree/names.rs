//! A path of an archive, taken apart: what is handed to the system are names.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::fault::{Fault, Wrong};
use crate::limits::{DEPTH, NAME_BYTES, PATH_BYTES};

/// The names of a path from the root, which leads nowhere else: `/a`, `./a` and `a` are
/// the same.
pub(super) fn names(path: &[u8]) -> Result<Vec<&OsStr>, Fault> {
    let wrong = |why| Fault::Entry { path: path.to_vec(), why };
    if path.len() > PATH_BYTES {
        return Err(wrong(Wrong::TooLong));
    }
    if path.contains(&0) {
        return Err(wrong(Wrong::Nul));
    }
    let mut names = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." => return Err(wrong(Wrong::Upwards)),
            name if name.len() > NAME_BYTES => return Err(wrong(Wrong::TooLong)),
            name => names.push(OsStr::from_bytes(name)),
        }
    }
    if names.len() > DEPTH { Err(wrong(Wrong::TooDeep)) } else { Ok(names) }
}
