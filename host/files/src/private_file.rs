//! Files that only their user may read: written at once or not at all, refused
//! when others can read them.

use std::fs::{DirBuilder, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::domain::{Diagnostic, ErrorKind};

/// More than any of these files holds.
const FILE_BYTES: u64 = 1024 * 1024;

/// Why such a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PrivateFileError {
    /// It cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others can read it.
    #[error("`{}` holds secrets and can be read by others", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// It is not what we wrote.
    #[error("`{}` is damaged", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, without a value of it.
        reason: String,
    },
}

impl Diagnostic for PrivateFileError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::File { .. } => ErrorKind::Unavailable,
            Self::Exposed { .. } => ErrorKind::Denied,
            Self::Malformed { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File { path, .. } => {
                let folder = path.parent().unwrap_or(path);
                format!("make `{}` readable and writable for you", folder.display())
            }
            Self::Exposed { path } => {
                format!("run `chmod 600 {}`; if others did read it, log in again", path.display())
            }
            Self::Malformed { path, .. } => format!("repair it, or run `rm {}`", path.display()),
        })
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::File { source, .. } => vec![source.to_string()],
            Self::Malformed { reason, .. } => vec![reason.clone()],
            Self::Exposed { .. } => Vec::new(),
        }
    }
}

/// The text of the file; none when there is none, which costs one look.
///
/// # Errors
///
/// When it cannot be read, or others could read it.
pub fn read(path: &Path) -> Result<Option<String>, PrivateFileError> {
    let failed = |source| PrivateFileError::File { path: path.into(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(failed(error)),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if file.metadata().map_err(failed)?.mode() & 0o077 != 0 {
            return Err(PrivateFileError::Exposed { path: path.into() });
        }
    }
    let mut text = String::new();
    file.take(FILE_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > FILE_BYTES {
        return Err(failed(io::Error::other("it is larger than 1 MiB")));
    }
    Ok(Some(text))
}

/// Replaces the file: mode 0600, in a folder of mode 0700, never half of it.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), PrivateFileError> {
    let failed = |source| PrivateFileError::File { path: path.into(), source };
    let temporary = written_beside(path, text).map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Whether the file could be replaced: what is written first is, and goes again.
///
/// # Errors
///
/// When it cannot be written.
pub fn check(path: &Path) -> Result<(), PrivateFileError> {
    let failed = |source| PrivateFileError::File { path: path.into(), source };
    written_beside(path, "").map(drop).map_err(failed)
}

/// Writes the file like [`write()`], unless there is one: of two processes at once
/// one is first. Whether it was this one.
///
/// # Errors
///
/// When it cannot be written.
pub fn create(path: &Path, text: &str) -> Result<bool, PrivateFileError> {
    let failed = |source| PrivateFileError::File { path: path.into(), source };
    let temporary = written_beside(path, text).map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(lost) => Err(failed(lost.error)),
    }
}

fn written_beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    // A temporary file of this kind is 0600 by its own promise.
    let mut temporary = NamedTempFile::new_in(private_folder(path)?)?;
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// Removes the file; one that is not there is as good as removed.
///
/// # Errors
///
/// When it cannot be removed.
pub fn remove(path: &Path) -> Result<(), PrivateFileError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(PrivateFileError::File { path: path.into(), source })
        }
        _ => Ok(()),
    }
}

/// A file to lock, beside `path`: that one is replaced, so it cannot be locked
/// itself.
///
/// # Errors
///
/// When it cannot be made.
pub fn lock_file(path: &Path) -> Result<File, PrivateFileError> {
    let lock = path.with_extension("lock");
    let failed = |source| PrivateFileError::File { path: lock.clone(), source };
    private_folder(&lock).map_err(failed)?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&lock).map_err(failed)
}

fn private_folder(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    Ok(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_written_is_read_by_its_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("renku/logins.json");
        assert_eq!(read(&file).unwrap(), None);
        check(&file).unwrap();
        assert!(create(&file, "one").unwrap());
        assert!(!create(&file, "other").unwrap());
        assert_eq!(read(&file).unwrap().as_deref(), Some("one"));
        write(&file, "two").unwrap();
        assert_eq!(read(&file).unwrap().as_deref(), Some("two"));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = read(&file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
    }
}
