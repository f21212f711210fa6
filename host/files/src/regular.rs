//! A file that its user named, wherever it is: their links are followed, but
//! nobody waits for a pipe, and no more is read than there is room for.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use crate::below::Kind;
use crate::error::{FileError, Reason};

/// Opens a file, and nothing but a file: a pipe or a device has no end.
///
/// # Errors
///
/// When it is no file, or cannot be opened.
pub fn open(path: &Path) -> io::Result<File> {
    // To open a device can do something by itself.
    require_file(Kind::of(path.metadata()?.file_type()))?;
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits());
    let file = File::options().read(true).custom_flags(flags.unwrap_or_default()).open(path)?;
    // It may have become something else.
    require_file(Kind::of(file.metadata()?.file_type()))?;
    Ok(file)
}

fn require_file(kind: Kind) -> io::Result<()> {
    match kind {
        Kind::File => Ok(()),
        kind => Err(io::Error::other(NotAFile(kind))),
    }
}

/// What [`open`] says of something else.
#[derive(Debug, thiserror::Error)]
#[error("it is not a file, but {0}")]
struct NotAFile(Kind);

/// Reads a file of at most `limit` bytes; none when there is none.
///
/// # Errors
///
/// When it is no file, cannot be read, or is larger.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, FileError> {
    let failed = |reason| FileError::new(path.to_owned(), reason);
    match open(path) {
        Ok(file) => read_at_most(&file, limit).map(Some).map_err(failed),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => {
            let other = error.get_ref().and_then(|inner| inner.downcast_ref::<NotAFile>());
            let kind = other.map(|NotAFile(kind)| *kind);
            Err(failed(kind.map_or(Reason::Unreadable(error), Reason::NotAFile)))
        }
    }
}

/// The bytes of a file that is open.
pub(crate) fn read_at_most(file: &File, limit: u64) -> Result<Vec<u8>, Reason> {
    let length = file.metadata().map_err(Reason::Unreadable)?.len();
    if length > limit {
        return Err(Reason::TooLarge { limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // It may grow meanwhile.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Reason::Unreadable)?;
    if bytes.len() as u64 > limit { Err(Reason::TooLarge { limit }) } else { Ok(bytes) }
}

/// Whether there is nothing of that name.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_or_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "12345").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.unwrap().success());
        assert_eq!(read(&at("none"), 9).unwrap(), None);
        assert_eq!(read(&at("file/below"), 9).unwrap(), None);
        assert_eq!(read(&at("link"), 5).unwrap().as_deref(), Some(&b"12345"[..]));
        for (path, kind) in [
            (at("pipe"), "a named pipe"),
            (folder.path().to_owned(), "a folder"),
            ("/dev/zero".into(), "a device"),
        ] {
            let error = read(&path, 4).unwrap_err().to_string();
            assert_eq!(error, format!("`{}` is {kind}, not a file", path.display()));
        }
        let error = read(&at("link"), 4).unwrap_err();
        assert!(matches!(error.reason(), Reason::TooLarge { limit: 4 }), "{error}");
    }
}
