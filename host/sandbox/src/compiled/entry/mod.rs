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
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::Xxh3;

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
    #[error("it is not a file of yours")]
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

/// A file that is ours alone and undamaged. Held open, so that nobody can put
/// another one in its place meanwhile.
pub(super) struct Sound {
    /// Keeps the number in `path` taken.
    _file: File,
    path: PathBuf,
}

impl Sound {
    /// Opens and checks an entry.
    pub(super) fn open(path: &Path) -> Result<Self, Miss> {
        let mut file = open(path)?;
        let metadata = file.metadata()?;
        check_owner(&metadata)?;
        check_seal(&mut file, &metadata)?;
        let path = path_of(&file);
        Ok(Self { _file: file, path })
    }

    /// A path that names the open file, whatever happens to its name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes `code` with its seal under `path`, at once or not at all.
///
/// # Errors
///
/// When there is no room, or the directory went away.
pub(super) fn write(path: &Path, code: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Mode 0600 by its own promise.
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(directory)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut seal = Vec::with_capacity(SEAL);
    seal.extend_from_slice(MAGIC);
    seal.extend_from_slice(&(code.len() as u64).to_le_bytes());
    seal.extend_from_slice(&now.to_le_bytes());
    let mut sum = Xxh3::new();
    sum.update(code);
    sum.update(&seal);
    seal.extend_from_slice(&sum.digest().to_le_bytes());
    file.write_all(code)?;
    file.write_all(&seal)?;
    file.as_file().set_modified(UNIX_EPOCH + Duration::from_secs(now))?;
    if code.len() as u64 > ALWAYS_SUMMED {
        // Nobody will notice a piece that a power cut took.
        file.as_file().sync_all()?;
    }
    file.persist(path)?;
    Ok(())
}

/// How files begin that have no name yet.
pub(super) const TEMPORARY: &str = ".new-";

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

#[cfg(unix)]
fn open(path: &Path) -> Result<File, Miss> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let file = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    file.map_err(|error| {
        // What open(2) says of a link.
        let link = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
        if link { Miss::Foreign } else { error.into() }
    })
}

#[cfg(unix)]
fn check_owner(metadata: &Metadata) -> Result<(), Miss> {
    use std::os::unix::fs::MetadataExt as _;
    if !metadata.is_file() || metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Miss::Foreign);
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(Miss::Writable);
    }
    Ok(())
}

/// proc(5), fd(4): the open file itself.
#[cfg(unix)]
fn path_of(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd as _;
    let directory = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    Path::new(directory).join(file.as_raw_fd().to_string())
}

/// Whose a file is cannot be told here, so none is ours.
#[cfg(not(unix))]
fn open(_path: &Path) -> Result<File, Miss> {
    Err(Miss::Foreign)
}

#[cfg(not(unix))]
fn check_owner(_metadata: &Metadata) -> Result<(), Miss> {
    Err(Miss::Foreign)
}

#[cfg(not(unix))]
fn path_of(_file: &File) -> PathBuf {
    PathBuf::new()
}

#[cfg(test)]
mod tests;
