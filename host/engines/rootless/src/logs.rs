//! Reads the output of a session.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use crate::contract::{ContainersError, LogSink, last_lines};
use crate::error::failed;
use crate::folder::{Folder, broken};

pub(crate) const LOG: &str = "log";
pub(crate) const OLD: &str = "log.old";

const ACTION: &str = "read the output of the session";
/// How often it is looked whether there is more.
const LOOK: Duration = Duration::from_millis(100);

/// Sends the last lines, and with `follow` whatever comes until the session ends.
pub(crate) async fn send(
    session: &Folder,
    tail: Option<u32>,
    follow: bool,
    sink: &dyn LogSink,
) -> Result<(), ContainersError> {
    let text = |error: io::Error| failed(ACTION, error);
    let mut output = read(session, OLD).map_err(text)?.map(|(_, bytes)| bytes).unwrap_or_default();
    let newest = read(session, LOG).map_err(text)?;
    let mut place =
        newest.as_ref().map(|(file, bytes)| Place { file: *file, at: bytes.len() as u64 });
    output.extend(newest.into_iter().flat_map(|(_, bytes)| bytes));
    sink.write(last_lines(&output, tail))?;
    if !follow {
        return Ok(());
    }
    loop {
        // What it printed before it ended is still read.
        let is_alive = session.is_alive().map_err(broken(ACTION))?;
        let new = since(session, &mut place).map_err(text)?;
        if !new.is_empty() {
            sink.write(&new)?;
        }
        if !is_alive {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How far the output was read.
#[derive(Clone, Copy)]
struct Place {
    /// Which file: its name changes.
    file: u64,
    at: u64,
}

/// What was written after a place, whose file may be the older one by now.
fn since(session: &Folder, place: &mut Option<Place>) -> io::Result<Vec<u8>> {
    let mut new = Vec::new();
    let Some((mut log, length)) = open(session, LOG)? else { return Ok(new) };
    let file = log.metadata()?.ino();
    let mut at = 0;
    match place {
        Some(seen) if seen.file == file => at = seen.at.min(length),
        Some(seen) => {
            if let Some((mut old, _)) = open(session, OLD)?
                && old.metadata()?.ino() == seen.file
            {
                old.seek(SeekFrom::Start(seen.at))?;
                old.read_to_end(&mut new)?;
            }
        }
        None => {}
    }
    log.seek(SeekFrom::Start(at))?;
    let count = log.read_to_end(&mut new)? as u64;
    *place = Some(Place { file, at: at + count });
    Ok(new)
}

/// A file of the output: its identity and its content.
fn read(session: &Folder, name: &str) -> io::Result<Option<(u64, Vec<u8>)>> {
    let Some((mut file, _)) = open(session, name)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Some((file.metadata()?.ino(), bytes)))
}

fn open(session: &Folder, name: &str) -> io::Result<Option<(File, u64)>> {
    match session.0.folder().file(name.as_ref()) {
        Ok(file) => {
            let length = file.metadata()?.len();
            Ok(Some((file, length)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
