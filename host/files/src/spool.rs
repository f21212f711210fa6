//! Files that have no name or live as long as a command, where `TMPDIR` says. That
//! there is no room for them is nobody else's fault, so it has words of its own.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind, shell_word};

/// Nothing temporary can be written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no temporary file can be written in `{}`", folder.display())]
pub struct TemporaryError {
    /// The folder for temporary files.
    folder: PathBuf,
    /// Why not, as a kind and in the system's words.
    kind: io::ErrorKind,
    reason: String,
}

impl TemporaryError {
    fn new(source: &io::Error) -> Self {
        // Not what `tempfile` says about the path, which the message has.
        let reason = crate::domain::innermost(source);
        Self { folder: std::env::temp_dir(), kind: source.kind(), reason }
    }

    /// The error in what an I/O function of another library gave.
    #[must_use]
    pub fn within(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<TemporaryError> for io::Error {
    fn from(error: TemporaryError) -> Self {
        Self::new(error.kind, error)
    }
}

const ELSEWHERE: &str = ", or name another folder with `TMPDIR`";

impl Diagnostic for TemporaryError {
    fn advice(&self) -> Advice<'_> {
        let advice = match self.kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ErrorKind::ResourceExhausted.hint(format!("free some space there{ELSEWHERE}"))
            }
            io::ErrorKind::NotFound => {
                let folder = shell_word(&self.folder.to_string_lossy());
                ErrorKind::Unavailable.hint(format!("run `mkdir -p {folder}`{ELSEWHERE}"))
            }
            _ => ErrorKind::Unavailable.hint(format!("make it writable{ELSEWHERE}")),
        };
        advice.causes([self.reason.clone()])
    }
}

/// A file without a name. Whatever fails when it is written to is a
/// [`TemporaryError`], also within the error of another library.
#[derive(Debug)]
pub struct Spool(File);

impl Spool {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn new() -> Result<Self, TemporaryError> {
        tempfile::tempfile().map(Self).map_err(|error| TemporaryError::new(&error))
    }

    /// The file, from its beginning.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn rewound(mut self) -> Result<File, TemporaryError> {
        self.0.seek(SeekFrom::Start(0)).map_err(|error| TemporaryError::new(&error))?;
        Ok(self.0)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(|error| TemporaryError::new(&error).into())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(|error| TemporaryError::new(&error).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_says_where_and_how_to_go_on() {
        let error = |kind: io::ErrorKind| TemporaryError {
            folder: "/scratch/my tmp".into(),
            ..TemporaryError::new(&kind.into())
        };
        let missing = error(io::ErrorKind::NotFound);
        assert_eq!(missing.to_string(), "no temporary file can be written in `/scratch/my tmp`");
        assert_eq!(
            missing.hint().unwrap(),
            "run `mkdir -p '/scratch/my tmp'`, or name another folder with `TMPDIR`"
        );
        let full = error(io::ErrorKind::StorageFull);
        assert_eq!(full.kind(), ErrorKind::ResourceExhausted);
        assert_eq!(
            full.hint().unwrap(),
            "free some space there, or name another folder with `TMPDIR`"
        );
        // It survives libraries that know no other errors than those of I/O.
        let passed_on = io::Error::from(full);
        assert_eq!(passed_on.kind(), io::ErrorKind::StorageFull);
        assert!(TemporaryError::within(&passed_on).is_some());
        assert!(TemporaryError::within(&io::ErrorKind::NotFound.into()).is_none());
    }
}
