//! A tar archive of files: where each of them lies is noted, nothing is unpacked.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use super::found::{Files, Opened};
use crate::error::StoreError;
use crate::fault::{Bound, Fault};
use crate::files::{Spool, TemporaryError};
use crate::layer::{Decompressed, Entries, Kind};
use crate::limits::Limits;

/// Files in an archive: layers and what describes them, three a layer in old ones.
const FILES: u64 = 10_000;
/// Links from one to the other: old versions of `docker save` have one layer once.
const LINKS: usize = 4;

/// An archive whose files can be read in any order.
pub(super) struct Archive {
    file: Arc<File>,
    index: HashMap<String, Place>,
}

enum Place {
    At { offset: u64, size: u64 },
    Link(String),
}

impl Archive {
    /// `file` is at its beginning. A compressed one is decompressed first, into a temporary
    /// file.
    pub(super) fn of(file: File, shown: &str, limits: &Limits) -> Result<Self, StoreError> {
        let reading = |error| StoreError::reading(shown, error);
        let copy = file.try_clone().map_err(reading)?;
        let input = Decompressed::new(BufReader::new(copy)).map_err(reading)?;
        let mut file = match input.is_plain() {
            true => file,
            false => spooled(input, shown, limits)?,
        };
        file.seek(SeekFrom::Start(0)).map_err(reading)?;
        let index = index(&mut file).map_err(reading)?;
        Ok(Self { file: Arc::new(file), index })
    }
}

/// Keeps a stream in a temporary file.
pub(super) fn spooled(
    mut input: impl Read,
    shown: &str,
    limits: &Limits,
) -> Result<File, StoreError> {
    let mut spool = Spool::new()?;
    let most = limits.bytes;
    let copied = io::copy(&mut input.by_ref().take(most.saturating_add(1)), &mut spool);
    let copied = copied.map_err(|error| match TemporaryError::within(&error) {
        Some(error) => StoreError::from(error.clone()),
        None => StoreError::of(shown, Fault::reading(error)),
    })?;
    match copied > most {
        true => Err(StoreError::bound(shown, Bound::Bytes(most))),
        false => Ok(spool.rewound()?),
    }
}

fn index(file: &mut File) -> io::Result<HashMap<String, Place>> {
    let mut entries = Entries::new(file);
    let mut index = HashMap::new();
    let mut count = 0;
    while let Some(entry) = entries.next_with(over)? {
        count += 1;
        if count > FILES {
            return Err(Bound::Entries(FILES).into());
        }
        let (Some(name), target) = (key(&entry.path), key(&entry.target)) else { continue };
        let place = match (entry.kind, target) {
            (Kind::File, _) => {
                Place::At { offset: entries.input().stream_position()?, size: entry.size }
            }
            (Kind::HardLink, Some(target)) => Place::Link(target),
            (Kind::Link, _) => {
                let above = name.rsplit_once('/').map_or("", |(above, _)| above);
                let target = [above.as_bytes(), b"/", &entry.target].concat();
                match key(&target) {
                    Some(target) => Place::Link(target),
                    None => continue,
                }
            }
            _ => continue,
        };
        index.insert(name, place);
    }
    Ok(index)
}

/// Goes over a body without reading it; a file that ends before is cut short.
fn over(file: &mut &mut File, bytes: u64) -> io::Result<()> {
    let bytes = i64::try_from(bytes).map_err(|_| io::ErrorKind::UnexpectedEof)?;
    let at = file.seek(SeekFrom::Current(bytes))?;
    if at > file.metadata()?.len() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// A name without `.` and `..`, so that the same file has one name; none when it is no text.
fn key(path: &[u8]) -> Option<String> {
    let mut names = Vec::new();
    for name in std::str::from_utf8(path).ok()?.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

impl Files for Archive {
    fn open(&self, name: &str) -> io::Result<Option<Opened>> {
        let Some(mut name) = key(name.as_bytes()) else { return Ok(None) };
        for _ in 0..LINKS {
            match self.index.get(&name) {
                None => return Ok(None),
                Some(Place::Link(target)) => name.clone_from(target),
                Some(Place::At { offset, size }) => {
                    let file = Arc::clone(&self.file);
                    return Ok(Some(Box::new(Section { file, offset: *offset, left: *size })));
                }
            }
        }
        Ok(None)
    }
}

/// A part of a file.
struct Section {
    file: Arc<File>,
    offset: u64,
    left: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(room) = buffer.get_mut(..most).filter(|room| !room.is_empty()) else {
            return Ok(0);
        };
        match self.file.read_at(room, self.offset)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.offset += count as u64;
                self.left -= count as u64;
                Ok(count)
            }
        }
    }
}
