//! Whose a file is: the one decision about files that give authority.
//!
//! What a grant, a key, an origin or a setting says is obeyed, so nobody else may
//! have written it. The file and each folder on the way to it belong to us or to
//! root; others cannot write to the file, and not everybody to a folder. Where
//! everybody can, as in `/tmp`, the sticky bit keeps others from renaming what is
//! ours, and what they put there is theirs, which is seen one step later.
//!
//! A folder that its group can write to is ordinary (umask 002, a group for each
//! user) and accepted; `renku session doctor` mentions it.

use std::path::Path;

use rustix::fs::{Mode, Stat};

use crate::below::Kind;
use crate::error::{FileError, Reason};

/// Whether what was opened counts. `stat` is of the open handle, never of a name
/// that could mean something else a moment later.
///
/// # Errors
///
/// [`Reason::Foreign`] and [`Reason::Open`], with the command that mends it.
pub(crate) fn check(stat: &Stat, path: &Path, kind: Kind) -> Result<(), FileError> {
    let us = rustix::process::geteuid().as_raw();
    #[allow(clippy::useless_conversion, reason = "16 bits on macOS")]
    let mode = u32::from(Mode::from_raw_mode(stat.st_mode).as_raw_mode());
    decide(stat.st_uid, mode, us, kind).map_err(|reason| FileError::new(path.to_owned(), reason))
}

/// Whether the group of a folder can write to it.
pub(crate) fn is_shared(stat: &Stat) -> bool {
    Mode::from_raw_mode(stat.st_mode).contains(Mode::WGRP)
}

fn decide(owner: u32, mode: u32, us: u32, kind: Kind) -> Result<(), Reason> {
    const ROOT: u32 = 0;
    if owner != us && owner != ROOT {
        return Err(Reason::Foreign { owner, kind });
    }
    let is_open = match kind {
        Kind::Folder => mode & 0o002 != 0 && mode & 0o1000 == 0,
        // A link has no permissions of its own.
        Kind::Link => false,
        _ => mode & 0o022 != 0,
    };
    if is_open { Err(Reason::Open(kind)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JANE: u32 = 1000;
    const BOB: u32 = 1001;

    #[test]
    fn a_file_counts_when_it_is_ours_or_of_root_and_others_cannot_write() {
        for owner in [JANE, 0] {
            for mode in [0o600, 0o644, 0o400] {
                assert!(decide(owner, mode, JANE, Kind::File).is_ok());
            }
            for mode in [0o620, 0o602, 0o664, 0o666] {
                let decided = decide(owner, mode, JANE, Kind::File);
                assert!(matches!(decided, Err(Reason::Open(Kind::File))), "{mode:o}");
            }
        }
        let decided = decide(BOB, 0o600, JANE, Kind::File);
        assert!(matches!(decided, Err(Reason::Foreign { owner: BOB, .. })));
    }

    #[test]
    fn a_folder_may_be_of_a_group_or_sticky_but_not_open_to_everybody() {
        for mode in [0o700, 0o755, 0o775, 0o1777] {
            assert!(decide(0, mode, JANE, Kind::Folder).is_ok());
        }
        let open = decide(JANE, 0o777, JANE, Kind::Folder);
        assert!(matches!(open, Err(Reason::Open(Kind::Folder))));
        // Its owner can rename what is in it, sticky or not.
        let sticky = decide(BOB, 0o1777, JANE, Kind::Folder);
        assert!(matches!(sticky, Err(Reason::Foreign { .. })));
    }

    #[test]
    fn root_does_not_obey_the_user_whose_home_it_has() {
        for kind in [Kind::File, Kind::Folder, Kind::Link] {
            assert!(matches!(decide(JANE, 0o700, 0, kind), Err(Reason::Foreign { .. })));
        }
    }
}
