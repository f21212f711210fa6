//! Locks that keep two commands from undoing each other's changes: from reading a
//! file to writing it. Waited for with a bound, and whoever is in the way is named.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::below::{Folder, Kind, permissions};
use crate::error::{FileError, Holder, Reason};
use crate::own_folder::OwnFolder;

/// How long another command is waited for. Each holds a lock for milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is tried, at first and at last.
const SOON: Duration = Duration::from_millis(1);
const LATER: Duration = Duration::from_millis(50);

/// A lock, held until it is dropped or the program ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// What locks a file: another one beside it, because the file itself is replaced.
pub(crate) fn name_for(file: &OsStr) -> OsString {
    Path::new(file).with_extension("lock").into_os_string()
}

/// A lock that somebody else has.
pub(crate) struct Taken {
    file: File,
    begin: Instant,
}

/// Takes the lock of this name in a folder of ours, if it is free.
pub(crate) fn attempt(folder: &OwnFolder, name: &OsStr) -> Result<Result<Lock, Taken>, FileError> {
    let path = folder.path().join(name);
    Taken { file: file_for(folder, name, &path)?, begin: Instant::now() }.again(&path)
}

/// The file of a lock, which nobody else can open.
fn file_for(folder: &OwnFolder, name: &OsStr, path: &Path) -> Result<File, FileError> {
    let failed = |error| FileError::unusable(path, error);
    let file = open(folder.folder(), name).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        let kind = Kind::of(metadata.file_type());
        return Err(FileError::own(path.to_owned(), Reason::NotAFile(kind)));
    }
    // One that others can open, they can hold for ever.
    if metadata.permissions().mode() & 0o077 != 0 {
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o600));
    }
    Ok(file)
}

impl Taken {
    /// Tries it once more.
    pub(crate) fn again(self, path: &Path) -> Result<Result<Lock, Self>, FileError> {
        match self.file.try_lock() {
            Ok(()) => Ok(Ok(Lock { _file: self.file })),
            Err(TryLockError::WouldBlock) => Ok(Err(self)),
            Err(TryLockError::Error(error)) => Err(refused(path, error)),
        }
    }

    /// How long it has been waited for.
    pub(crate) fn waited(&self) -> Duration {
        self.begin.elapsed()
    }

    /// The error that names who has it.
    pub(crate) fn busy(&self, path: &Path) -> FileError {
        let (holder, waited) = (holder(&self.file), self.waited().as_secs());
        FileError::new(path.to_owned(), Reason::Busy { holder, waited })
    }

    fn wait(mut self, path: &Path) -> Result<Lock, FileError> {
        let mut pause = SOON;
        while self.waited() < PATIENCE {
            std::thread::sleep(pause);
            pause = (pause * 2).min(LATER);
            match self.again(path)? {
                Ok(lock) => return Ok(lock),
                Err(taken) => self = taken,
            }
        }
        Err(self.busy(path))
    }
}

impl OwnFolder {
    /// Takes the lock of this name, a file that stays; `waiting` is called when
    /// somebody else has it.
    ///
    /// # Errors
    ///
    /// When they have it for too long, there are no locks, or nothing can be written.
    pub fn lock_by(
        &self,
        name: impl AsRef<OsStr>,
        waiting: impl FnOnce(),
    ) -> Result<Lock, FileError> {
        let name = name.as_ref();
        match attempt(self, name)? {
            Ok(lock) => Ok(lock),
            Err(taken) => {
                waiting();
                taken.wait(&self.path().join(name))
            }
        }
    }

    /// Takes the lock of this name when nobody has it or shares it.
    ///
    /// # Errors
    ///
    /// When there are no locks, or nothing can be written.
    pub fn try_lock_by(&self, name: impl AsRef<OsStr>) -> Result<Option<Lock>, FileError> {
        Ok(attempt(self, name.as_ref())?.ok())
    }

    /// Takes a share in the lock of this name, which others can share, too, when nobody
    /// has it alone.
    ///
    /// # Errors
    ///
    /// As [`Self::try_lock_by`].
    pub fn try_share_by(&self, name: impl AsRef<OsStr>) -> Result<Option<Lock>, FileError> {
        let path = self.path().join(name.as_ref());
        let file = file_for(self, name.as_ref(), &path)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(refused(&path, error)),
        }
    }
}

/// The lock of a folder itself, for one where no file of ours may lie, such as a
/// project. What killed programs left in it goes.
pub(crate) fn hold_folder(folder: &Folder, path: &Path) -> Result<Lock, FileError> {
    let file = folder.readable().map_err(|error| FileError::unusable(path, error))?;
    let lock = match (Taken { file: file.into(), begin: Instant::now() }).again(path)? {
        Ok(lock) => lock,
        Err(taken) => taken.wait(path)?,
    };
    folder.sweep();
    Ok(lock)
}

/// The same by its path.
///
/// # Errors
///
/// When somebody has the lock for too long, there are no locks, or there is no such
/// folder.
pub fn lock_folder(path: &Path) -> Result<Lock, FileError> {
    let folder = Folder::at(path).map_err(|error| FileError::unusable(path, error))?;
    hold_folder(&folder, path)
}

fn open(folder: &Folder, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mode = permissions(0o600);
    let file = rustix::fs::openat(folder.descriptor(), name, flags | OFlags::CLOEXEC, mode)?;
    Ok(file.into())
}

/// flock(2) on a file system that has no locks: what NFS says without its lock
/// service, and others that never heard of them.
fn refused(path: &Path, error: io::Error) -> FileError {
    let no_locks = [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP, Errno::INVAL];
    match Errno::from_io_error(&error) {
        Some(errno) if no_locks.contains(&errno) => {
            FileError::new(path.to_owned(), Reason::NoLocks(error))
        }
        _ => FileError::unusable(path, error),
    }
}

/// Who has the lock of an open file, as far as this computer knows.
fn holder(file: &File) -> Option<Holder> {
    let inode = file.metadata().ok()?.ino();
    let process = process_in(&std::fs::read_to_string("/proc/locks").ok()?, inode)?;
    let typed = std::fs::read(format!("/proc/{process}/cmdline")).ok();
    Some(Holder { process, command: typed.and_then(|typed| command_in(&typed)) })
}

/// proc(5): `1: FLOCK  ADVISORY  WRITE 4711 fe:00:123456 0 EOF`; who waits has an
/// arrow before the kind.
fn process_in(locks: &str, inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        if words.next()? != "FLOCK" {
            return None;
        }
        let process = words.nth(2)?.parse().ok().filter(|process| *process > 0)?;
        let place = words.next()?.rsplit_once(':')?.1;
        (place.parse() == Ok(inode)).then_some(process)
    })
}

/// The program, and the words after it that can only be commands: what comes later
/// may be anything, a secret too.
fn command_in(line: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    let mut words = text.split('\0');
    let program = Path::new(words.next()?).file_name()?.to_str()?.to_owned();
    let is_command = |word: &&str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let commands = words.take_while(is_command).take_while(|word| !word.starts_with('-')).take(2);
    Some(crate::domain::sanitize(
        &std::iter::once(program.as_str()).chain(commands).collect::<Vec<_>>().join(" "),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Diagnostic as _;

    #[test]
    fn one_at_a_time_has_a_lock_that_is_for_its_user_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = OwnFolder::new(Folder::at(home.path()).unwrap(), home.path().to_owned());
        let name = OsStr::new("grants.lock");
        std::fs::write(home.path().join(name), "").unwrap();
        let open = std::fs::Permissions::from_mode(0o666);
        std::fs::set_permissions(home.path().join(name), open).unwrap();
        let held = folder.lock_by(name, || {}).unwrap();
        let mode = home.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let taken = attempt(&folder, name).unwrap().err().unwrap();
        let error = taken.busy(&home.path().join(name));
        if cfg!(target_os = "linux") {
            let Reason::Busy { holder: Some(holder), .. } = error.reason() else {
                panic!("{error}")
            };
            assert_eq!(holder.process, std::process::id());
            assert_eq!(
                error.hint().unwrap(),
                format!("wait for it, or end it with `kill {}`", holder.process)
            );
        }
        drop(held);
        assert!(attempt(&folder, name).unwrap().is_ok());
    }

    #[test]
    fn who_shares_a_lock_keeps_out_who_wants_it_alone_and_the_other_way_round() {
        let home = tempfile::tempdir().unwrap();
        let folder = OwnFolder::new(Folder::at(home.path()).unwrap(), home.path().to_owned());
        let (share, alone) =
            (|| folder.try_share_by("a.lock").unwrap(), || folder.try_lock_by("a.lock").unwrap());
        let (first, second) = (share(), share());
        assert!(first.is_some() && second.is_some() && alone().is_none());
        drop(first);
        assert!(alone().is_none());
        drop(second);
        let held = alone();
        assert!(held.is_some() && share().is_none());
        drop(held);
        assert!(share().is_some());
    }

    #[test]
    fn a_folder_is_locked_without_a_file_in_it() {
        let home = tempfile::tempdir().unwrap();
        let held = lock_folder(home.path()).unwrap();
        let file = File::from(Folder::at(home.path()).unwrap().readable().unwrap());
        assert!(matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        assert!(file.try_lock().is_ok());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_system_without_locks_is_named_as_that() {
        for errno in [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP] {
            let error = refused(Path::new("/nfs/renku/grants.lock"), errno.into());
            assert_eq!(
                error.to_string(),
                "`/nfs/renku/grants.lock` is on a file system without locks, so it cannot be changed safely"
            );
        }
        let error = refused(Path::new("/x"), Errno::IO.into());
        assert!(matches!(error.reason(), Reason::Unusable(_)));
    }

    #[test]
    fn the_holder_is_found_among_those_who_wait() {
        let locks = "1: POSIX  ADVISORY  WRITE 7 fe:00:42 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 9 fe:00:43 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 11 fe:00:42 0 EOF\n\
                     3: -> FLOCK  ADVISORY  WRITE 12 fe:00:42 0 EOF\n";
        assert_eq!(process_in(locks, 42), Some(11));
        assert_eq!(process_in(locks, 44), None);
        let typed = |line: &str| command_in(line.replace(' ', "\0").as_bytes()).unwrap();
        assert_eq!(typed("/usr/bin/renku config set image S3cret"), "renku config set");
        assert_eq!(typed("renku --verbose login"), "renku");
        assert_eq!(typed("renku session S3CRET"), "renku session");
    }
}
