//! One file of compiled code: what the compiler gave, and a seal after it.
//!
//! The seal notices damage, so that a damaged file is compiled anew instead of
//! run. Against other people it is no help: those are kept out by owner and mode
//! of the file and its directory.
//!
//! Seal, little endian: `renkuc01`, length of the code (8 bytes), time of the
//! file's last change in seconds since 1970 (8 bytes), XXH3 of the code and the
//! seal before it (8 bytes). Whoever writes to the file later also changes its
//! time, unlike who copies it whole.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::Xxh3;

use crate::files::{FileError, New, OwnFolder, Readers, Reason};

const MAGIC: &[u8; 8] = b"renkuc01";
/// The part of the seal that its sum covers, and the whole.
const SUMMED: usize = 24;
const SEAL: usize = SUMMED + 8;
/// Code up to this many bytes is summed whenever it is loaded (0.1 ms a MB). Of
/// more, only time and length are looked at: a guest of many megabytes is mapped
/// in 2 ms and would be read in 10.
const ALWAYS_SUMMED: u64 = 4 << 20;

/// Why there is nothing to load. Every reason but the first is worth a line of
/// `-vv`, none is an error.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Miss {
    #[error("it is not there")]
    Absent,
    #[error("it is not your own file")]
    Foreign,
    #[error("others can write to it")]
    Writable,
    #[error("it is damaged")]
    Damaged,
    #[error("it cannot be read: {0}")]
    Io(String),
}

impl From<io::Error> for Miss {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Absent,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<FileError> for Miss {
    fn from(error: FileError) -> Self {
        match error.reason() {
            Reason::Foreign { .. } | Reason::NotAFile(_) => Self::Foreign,
            Reason::Open(_) => Self::Writable,
            _ => Self::Io(error.to_string()),
        }
    }
}

/// A file that is ours alone and undamaged. Held open, so that nobody can put
/// another one in its place meanwhile.
pub(super) struct Sound {
    /// Keeps the number in `path` taken.
    _file: File,
    path: PathBuf,
}

impl Sound {
    /// Opens and checks an entry of a folder that is ours.
    pub(super) fn open(folder: &OwnFolder, name: &str) -> Result<Self, Miss> {
        let mut file = folder.file(name)?.ok_or(Miss::Absent)?;
        let metadata = file.metadata()?;
        check_seal(&mut file, &metadata)?;
        let path = path_of(&file);
        Ok(Self { _file: file, path })
    }

    /// A path that names the open file, whatever happens to its name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes `code` with its seal under this name, at once or not at all.
///
/// # Errors
///
/// When there is no room, or the directory went away.
pub(super) fn write(folder: &OwnFolder, name: &str, code: &[u8]) -> Result<(), FileError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut seal = Vec::with_capacity(SEAL);
    seal.extend_from_slice(MAGIC);
    seal.extend_from_slice(&(code.len() as u64).to_le_bytes());
    seal.extend_from_slice(&now.to_le_bytes());
    let mut sum = Xxh3::new();
    sum.update(code);
    sum.update(&seal);
    seal.extend_from_slice(&sum.digest().to_le_bytes());
    // Of a large one nobody will notice a piece that a power cut took.
    let new = New { readers: Readers::Owner, durable: code.len() as u64 > ALWAYS_SUMMED };
    folder.replace(name, new, |file| {
        file.write_all(code)?;
        file.write_all(&seal)?;
        file.set_modified(UNIX_EPOCH + Duration::from_secs(now))
    })
}

fn check_seal(file: &mut File, metadata: &Metadata) -> Result<(), Miss> {
    let length = metadata.len().checked_sub(SEAL as u64).ok_or(Miss::Damaged)?;
    let mut seal = [0; SEAL];
    file.seek(SeekFrom::Start(length))?;
    file.read_exact(&mut seal)?;
    let (summed, sum) = seal.split_at(SUMMED);
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).map_err(|_| Miss::Damaged)?;
    let mut expected = Vec::with_capacity(SUMMED);
    expected.extend_from_slice(MAGIC);
    expected.extend_from_slice(&length.to_le_bytes());
    expected.extend_from_slice(&modified.as_secs().to_le_bytes());
    if summed != expected || modified.subsec_nanos() != 0 {
        return Err(Miss::Damaged);
    }
    if length <= ALWAYS_SUMMED && sum != sum_of(file, length)?.to_le_bytes() {
        return Err(Miss::Damaged);
    }
    Ok(())
}

/// The sum of the code and of the seal's first part.
fn sum_of(file: &mut File, length: u64) -> io::Result<u64> {
    let mut sum = Xxh3::new();
    let mut piece = vec![0; 64 << 10];
    file.rewind()?;
    let mut rest = file.take(length + SUMMED as u64);
    loop {
        let read = rest.read(&mut piece)?;
        match piece.get(..read) {
            Some(read) if !read.is_empty() => sum.update(read),
            _ => return Ok(sum.digest()),
        }
    }
}

/// proc(5), fd(4): the open file itself.
fn path_of(file: &File) -> PathBuf {
    let directory = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    Path::new(directory).join(file.as_raw_fd().to_string())
}

#[cfg(test)]
mod tests;
