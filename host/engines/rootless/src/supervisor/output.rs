//! The output of a session: the newest of it, in two files of which the older one goes.

use std::fs::File;
use std::io::{self, PipeReader, Read as _, Write as _};
use std::thread::{Builder, JoinHandle};

use crate::files::below::Folder;
use crate::logs::{LOG, OLD};

/// How large each of both gets.
const BYTES: u64 = 8 << 20;
const PIECE: usize = 64 << 10;

/// Writes down what comes until nobody can write any more.
pub(super) fn keep(output: PipeReader, session: Folder) -> io::Result<JoinHandle<()>> {
    let log = open(&session)?;
    Builder::new().name("output".to_owned()).spawn(move || copy(output, &session, log, BYTES))
}

fn open(session: &Folder) -> io::Result<File> {
    match session.create(LOG.as_ref(), 0o600) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => session.append(LOG.as_ref()),
        created => created,
    }
}

/// A full disk loses output and ends no session: what comes is read all the same.
fn copy(mut output: PipeReader, session: &Folder, mut log: File, limit: u64) {
    let mut written = 0_u64;
    let mut piece = vec![0; PIECE];
    while let Ok(count @ 1..) = output.read(&mut piece) {
        let bytes = piece.get(..count).unwrap_or_default();
        if written.saturating_add(bytes.len() as u64) > limit
            && session.rename(LOG.as_ref(), OLD.as_ref()).is_ok()
            && let Ok(new) = open(session)
        {
            log = new;
            written = 0;
        }
        if log.write_all(bytes).is_ok() {
            written = written.saturating_add(bytes.len() as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_much_output_the_newest_stays() {
        let session = tempfile::tempdir().unwrap();
        let (read, mut write) = io::pipe().unwrap();
        let folder = Folder::at(session.path()).unwrap();
        let log = open(&folder).unwrap();
        let kept = std::thread::spawn(move || copy(read, &folder, log, 8));
        for line in ["one\n", "two\n", "three\n"] {
            write.write_all(line.as_bytes()).unwrap();
            // Each is read by itself.
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        drop(write);
        kept.join().unwrap();
        let text = |name| std::fs::read_to_string(session.path().join(name)).unwrap();
        assert_eq!((text(OLD).as_str(), text(LOG).as_str()), ("one\ntwo\n", "three\n"));
    }
}
