//! Where compiled code is kept.
//!
//! Loading compiled code runs it, so the directory must be ours alone: it is made
//! with mode 0700 and refused when somebody else owns it or can write to it
//! (shared scratch file systems, restored CI caches). Then we compile anew.

use std::path::{Path, PathBuf};

/// Why a directory is not used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CacheRefused {
    #[error("`{}` is not a directory of yours", .0.display())]
    Foreign(PathBuf),
    #[error("others can write to `{}`", .0.display())]
    Writable(PathBuf),
    #[error("`{}` cannot be used: {}", .0.display(), .1)]
    Io(PathBuf, String),
}

/// Makes `directory` if there is none, and checks that it is ours alone.
pub(super) fn prepare(directory: &Path) -> Result<(), CacheRefused> {
    let io = |error: std::io::Error| CacheRefused::Io(directory.into(), error.to_string());
    // The common case is one system call: it is there already.
    if !directory.exists() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(io)?;
    }
    check(directory)
}

#[cfg(unix)]
fn check(directory: &Path) -> Result<(), CacheRefused> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::symlink_metadata(directory)
        .map_err(|error| CacheRefused::Io(directory.into(), error.to_string()))?;
    if !metadata.is_dir() || metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(CacheRefused::Foreign(directory.into()));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(CacheRefused::Writable(directory.into()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(_directory: &Path) -> Result<(), CacheRefused> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_new_directory_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("a/b");
        assert_eq!(prepare(&directory), Ok(()));
        assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(prepare(folder.path()), Err(CacheRefused::Writable(folder.path().into())));
    }

    #[test]
    fn a_link_to_a_directory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        let link = folder.path().join("link");
        std::fs::create_dir(&target).unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(prepare(&link), Err(CacheRefused::Foreign(link)));
    }
}
