//! The folder of a session (0700), and what can be seen in it.
//!
//! ```text
//! sessions/NAME/     there whole or not at all
//!   session.json     as it was made
//!   home/            the home of its program
//!   files/           what else was put into it, such as a copy of the project
//!   scratch/         what its runtime keeps
//!   passwd           users of this session
//!   alive.lock       held by its supervisor
//!   control          a pipe to its supervisor
//!   started.json     where it listens
//!   paused           while it is frozen
//!   log, log.old     its output, bounded
//!   end.json         how it ended
//! ```

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::contract::ContainerState;
use crate::error::failed;
use crate::files::{FileError, OwnFolder, Readers, Reason, TemporaryFolder};
use crate::record::{End, Record, Started};

pub(crate) const SESSION: &str = "session.json";
pub(crate) const STARTED: &str = "started.json";
pub(crate) const END: &str = "end.json";
pub(crate) const ALIVE: &str = "alive.lock";
pub(crate) const CONTROL: &str = "control";
pub(crate) const HOME: &str = "home";
pub(crate) const FILES: &str = "files";
pub(crate) const SCRATCH: &str = "scratch";
pub(crate) const PAUSED: &str = "paused";
pub(crate) const USERS: &str = "passwd";
/// The largest file that is read of a session, beside its output.
const LIMIT: u64 = 4 << 20;

/// The folders of this user's sessions.
pub(crate) struct Sessions(PathBuf);

impl Sessions {
    pub(crate) const FOLDER: &str = "sessions";

    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// The folder of the session of this name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Folder>, FileError> {
        // A name is checked where it is made; what comes here may be anything.
        let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains('/');
        match is_plain {
            true => Folder::open(&self.0.join(name)),
            false => Ok(None),
        }
    }

    /// All of them that are whole.
    pub(crate) fn all(&self) -> Result<Vec<Folder>, FileError> {
        let Some(all) = OwnFolder::open(&self.0)? else { return Ok(Vec::new()) };
        let names = all.names()?.into_iter().filter(|it| !it.as_encoded_bytes().starts_with(b"."));
        // One that another command removes meanwhile is gone.
        let open = |name: std::ffi::OsString| Folder::open(&self.0.join(name)).ok().flatten();
        Ok(names.filter_map(open).collect())
    }

    /// A new folder without a name; what killed programs left goes.
    pub(crate) fn new_folder(&self) -> Result<TemporaryFolder, FileError> {
        let all = OwnFolder::make(&self.0)?;
        all.sweep_folders();
        all.temporary_folder()
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), FileError> {
        match OwnFolder::open(&self.0)? {
            Some(all) => all.remove_folder(name),
            None => Ok(()),
        }
    }
}

/// The folder of a session.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) OwnFolder);

impl Folder {
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, FileError> {
        Ok(OwnFolder::open(path)?.map(Self))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The folder once more, held open by somebody else.
    pub(crate) fn opened(&self) -> std::io::Result<crate::files::below::Folder> {
        crate::files::below::Folder::at(self.path())
    }

    pub(crate) fn record(&self) -> Result<Record, FileError> {
        let missing = || {
            let reason = Reason::Malformed("it is not there".to_owned());
            FileError::new(self.path().join(SESSION), reason)
        };
        self.read(SESSION)?.ok_or_else(missing)
    }

    pub(crate) fn started(&self) -> Result<Option<Started>, FileError> {
        self.read(STARTED)
    }

    pub(crate) fn end(&self) -> Result<Option<End>, FileError> {
        self.read(END)
    }

    /// Whether its supervisor lives.
    pub(crate) fn is_alive(&self) -> Result<bool, FileError> {
        Ok(self.0.try_share_by(ALIVE)?.is_none())
    }

    /// Its state, and its exit status.
    pub(crate) fn state(&self) -> Result<(ContainerState, Option<i32>), FileError> {
        // First the lock: the end is written before it is given back.
        let is_alive = self.is_alive()?;
        let started = self.started()?.is_some();
        Ok(match (is_alive, started) {
            (true, true) if self.is_paused()? => (ContainerState::Paused, None),
            (true, true) => (ContainerState::Running, None),
            (_, false) => (ContainerState::Created, None),
            // Without an end the computer, or somebody, stopped the supervisor.
            (false, true) => (ContainerState::Exited, self.end()?.map(|end| end.status)),
        })
    }

    fn is_paused(&self) -> Result<bool, FileError> {
        Ok(self.0.read(PAUSED, LIMIT)?.is_some())
    }

    /// Notes that it is frozen, or that it is not any more.
    pub(crate) fn set_paused(&self, is_paused: bool) -> Result<(), FileError> {
        match is_paused {
            true => self.0.put(PAUSED, Readers::Owner, b""),
            false => self.0.remove(PAUSED),
        }
    }

    /// Makes a folder of it, in place of the one that is there.
    pub(crate) fn empty(&self, name: &str) -> Result<(), FileError> {
        self.0.remove_folder(name)?;
        let made = self.0.folder().make_folder(name.as_ref(), 0o700);
        made.map_err(|error| FileError::new(self.path().join(name), Reason::Unwritable(error)))
    }

    /// Forgets the start before, and how that ended.
    pub(crate) fn forget_start(&self) -> Result<(), FileError> {
        [STARTED, END, PAUSED].into_iter().try_for_each(|name| self.0.remove(name))
    }

    pub(crate) fn write(&self, name: &str, value: &impl Serialize) -> Result<(), FileError> {
        let bytes = serde_json::to_vec(value).map_err(|error| {
            FileError::new(self.path().join(name), Reason::Malformed(error.to_string()))
        })?;
        self.0.put(OsStr::new(name), Readers::Owner, &bytes)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, FileError> {
        let Some(bytes) = self.0.read(name, LIMIT)? else { return Ok(None) };
        let malformed = |error: serde_json::Error| {
            FileError::new(self.path().join(name), Reason::Malformed(error.to_string()))
        };
        serde_json::from_slice(&bytes).map(Some).map_err(malformed)
    }
}

/// The engine could not do this with the files of a session.
pub(crate) fn broken(
    action: &'static str,
) -> impl Fn(FileError) -> crate::contract::ContainersError {
    move |error| {
        use crate::domain::Diagnostic as _;
        let causes = error.causes().join(": ");
        failed(
            action,
            if causes.is_empty() { error.to_string() } else { format!("{error}: {causes}") },
        )
    }
}
