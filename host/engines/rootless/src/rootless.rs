//! The engine: where sessions and images of this user are.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::contract::ContainersError;
use crate::error::{NoRuntime, failed, io_failed};
use crate::files::directories::{self, NoHome};
use crate::folder::Sessions;
use crate::runtime::{Runtime, Working};
use crate::store::Store;

/// The engine of this user on this machine. Nothing is looked at before it is asked.
#[derive(Debug, Clone)]
pub struct Rootless {
    /// This very program, which supervises a session when it is started again.
    pub(crate) program: PathBuf,
    /// The first runtime that works: tried once.
    working: Arc<OnceCell<Working>>,
}

impl Rootless {
    /// Sessions are supervised by `program`, which calls [`supervise`](crate::supervise).
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program, working: Arc::default() }
    }

    /// Whether this user ever had a session on this engine: who had none is not asked
    /// for them.
    #[must_use]
    pub fn is_used() -> bool {
        directories::state().is_some_and(|state| state.join(Sessions::FOLDER).is_dir())
    }

    /// The runtime that is wanted, or the first that works here.
    pub(crate) async fn working(&self, wanted: Option<&str>) -> Result<Working, NoRuntime> {
        match wanted {
            Some(_) => Runtime::find(wanted).await,
            None => self.working.get_or_try_init(|| Runtime::find(None)).await.cloned(),
        }
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
