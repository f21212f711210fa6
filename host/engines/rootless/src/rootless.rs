//! The engine: where sessions and images of this user are.

use std::path::PathBuf;

use crate::contract::ContainersError;
use crate::error::{failed, io_failed};
use crate::files::directories::{self, NoHome};
use crate::folder::Sessions;
use crate::store::Store;

/// The engine of this user on this machine. Nothing is looked at before it is asked.
#[derive(Debug, Clone)]
pub struct Rootless {
    /// This very program, which supervises a session when it is started again.
    pub(crate) program: PathBuf,
}

impl Rootless {
    /// Sessions are supervised by `program`, which calls [`supervise`](crate::supervise).
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Whether this user ever had a session on this engine: who had none is not asked
    /// for them.
    #[must_use]
    pub fn is_used() -> bool {
        directories::state().is_some_and(|state| state.join(Sessions::FOLDER).is_dir())
    }

    pub(crate) fn sessions() -> Result<Sessions, ContainersError> {
        let state = directories::state().ok_or_else(NoHome::reason);
        let state = state.map_err(|error| failed("find its state", error))?;
        Ok(Sessions::at(state.join(Sessions::FOLDER)))
    }

    pub(crate) fn store() -> Result<Store, ContainersError> {
        Store::of_user().map_err(|error| io_failed("open the store of images", &error))
    }
}
