//! Where compiled code is kept.
//!
//! Loading compiled code runs it, so the directory must be ours alone: it is made
//! with mode 0700 and refused when somebody else owns it or can write to it or to
//! what is above it (shared scratch file systems, restored CI caches). Then we
//! compile anew.

use std::path::{Path, PathBuf};

use crate::files::{FileError, OwnFolder};

/// Why a directory is not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum CacheRefused {
    #[error(transparent)]
    File(#[from] FileError),
    /// Elsewhere a group is ordinary. Here it could give one provider the code of
    /// another.
    #[error("others can write to `{}`", .0.display())]
    Shared(PathBuf),
}

/// Makes `directory` if there is none, and checks that it is ours alone.
pub(super) fn prepare(directory: &Path) -> Result<OwnFolder, CacheRefused> {
    let folder = OwnFolder::make(directory)?;
    match folder.is_shared()? {
        true => Err(CacheRefused::Shared(directory.into())),
        false => Ok(folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_new_directory_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("a/b");
        assert!(prepare(&directory).is_ok());
        assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for mode in [0o777, 0o770] {
            let open = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(), open).unwrap();
            let refused = prepare(folder.path()).unwrap_err().to_string();
            assert!(refused.starts_with("others can write to `"), "{refused}");
        }
    }
}
