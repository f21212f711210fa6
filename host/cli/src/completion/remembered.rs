//! Names of remote sessions, as the last list showed them.
//!
//! Completion asks nobody far away, so `ls` leaves the names of remote sessions in
//! a file of mode 0600 in the cache. They count for a minute. There are no URLs or
//! tokens in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::domain::{Session, is_plain_name};
use crate::files::{FileError, New, OwnFolder, Readers, directories};

/// How long a list is believed.
const FRESH: Duration = Duration::from_secs(60);
/// More than any list of names takes.
const BYTES: u64 = 1 << 20;

/// A session, as far as completion shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub(super) provider: String,
    pub(super) name: String,
    pub(super) status: String,
}

/// Remembers what a remote provider listed for the project `id`. What cannot be
/// written is not remembered.
pub(crate) fn remember(id: &str, sessions: &[Session]) {
    let Some(file) = file(id) else { return };
    let names: Vec<_> = sessions
        .iter()
        .filter(|session| is_plain_name(&session.name))
        .map(|session| Remembered {
            provider: session.provider.clone(),
            name: session.name.clone(),
            status: session.status.as_str().to_owned(),
        })
        .collect();
    if let Err(error) = write(&file, &names) {
        tracing::debug!("names were not stored in `{}`: {error}", file.display());
    }
}

/// What was remembered for the project `id` within a minute.
pub(super) fn sessions(id: &str) -> Vec<Remembered> {
    file(id).and_then(|file| read(&file, SystemTime::now())).unwrap_or_default()
}

fn file(id: &str) -> Option<PathBuf> {
    Some(directories::cache()?.join("session-names").join(format!("{id}.json")))
}

fn write(file: &Path, names: &[Remembered]) -> Result<(), FileError> {
    let folder = OwnFolder::make(file.parent().unwrap_or(file))?;
    // A list of names is worth no wait for the disk.
    let new = New { readers: Readers::Owner, durable: false };
    folder.replace(file.file_name().unwrap_or_default(), new, |file| {
        Ok(serde_json::to_writer(file, names)?)
    })
}

fn read(file: &Path, now: SystemTime) -> Option<Vec<Remembered>> {
    let folder = OwnFolder::open(file.parent()?).ok()??;
    let file = folder.file(file.file_name()?).ok()??;
    let metadata = file.metadata().ok()?;
    let age = now.duration_since(metadata.modified().ok()?).unwrap_or_default();
    if age > FRESH || metadata.len() > BYTES {
        return None;
    }
    serde_json::from_reader(std::io::BufReader::new(file)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<Remembered> {
        let text = |text: &str| text.to_owned();
        vec![Remembered { provider: text("far"), name: text("a-1"), status: text("running") }]
    }

    #[test]
    fn names_are_believed_for_a_minute() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/id.json");
        write(&file, &names()).unwrap();
        let written = file.metadata().unwrap().modified().unwrap();
        assert_eq!(read(&file, written + FRESH), Some(names()));
        assert_eq!(read(&file, written + FRESH + Duration::from_secs(1)), None);
    }

    #[test]
    #[cfg(unix)]
    fn nobody_else_can_read_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("id.json");
        write(&file, &names()).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("id.json");
        std::fs::write(&file, "{").unwrap();
        assert_eq!(read(&file, SystemTime::now()), None);
    }
}
