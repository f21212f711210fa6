//! Which containers this command created and did not stop. Written before the
//! engine is asked, so that an interrupted create is cleaned up too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// A container of this command.
#[derive(Debug, Clone, Default)]
pub(crate) struct LedgerEntry {
    /// The engine's id; none while the create request has not been answered.
    pub(crate) id: Option<String>,
    /// Where its server was seen.
    server: Option<String>,
    /// Whether it was waited for, and answered.
    is_ready: bool,
    /// Held while the create request is under way.
    creating: Arc<tokio::sync::Mutex<()>>,
}

impl LedgerEntry {
    /// Returns when no create request is under way any more.
    pub(crate) async fn settled(&self) {
        drop(self.creating.lock().await);
    }
}

/// The list, shared by all clones of a handle.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    containers: Mutex<BTreeMap<String, LedgerEntry>>,
    /// Images without a name that the build under way has made so far.
    step_images: Mutex<Vec<String>>,
}

impl Ledger {
    /// Writes down that `name` is about to be created; none when it is there
    /// already. The guard is to be held until the engine has answered.
    pub(crate) fn begin(&self, name: &str) -> Option<OwnedMutexGuard<()>> {
        let mut entries = self.entries();
        if entries.contains_key(name) {
            return None;
        }
        let entry = LedgerEntry::default();
        let guard = Arc::clone(&entry.creating).try_lock_owned().ok()?;
        entries.insert(name.to_owned(), entry);
        Some(guard)
    }

    /// The engine created it.
    pub(crate) fn created(&self, name: &str, id: &str) {
        if let Some(entry) = self.entries().get_mut(name) {
            entry.id = Some(id.to_owned());
        }
    }

    /// It does not exist, or not any more.
    pub(crate) fn forget(&self, name: &str) {
        self.entries().remove(name);
    }

    /// The container of this name, as far as it is known now.
    pub(crate) fn get(&self, name: &str) -> Option<LedgerEntry> {
        self.entries().get(name).cloned()
    }

    /// Its server was seen there.
    pub(crate) fn saw_server(&self, name: &str, server: String) {
        if let Some(entry) = self.entries().get_mut(name) {
            entry.server = Some(server);
        }
    }

    /// Where the server of a container of this command was seen.
    pub(crate) fn server(&self, name: &str) -> Option<String> {
        self.entries().get(name)?.server.clone()
    }

    /// It answered.
    pub(crate) fn was_ready(&self, name: &str) {
        if let Some(entry) = self.entries().get_mut(name) {
            entry.is_ready = true;
        }
    }

    /// Whether a container of this command answered before.
    pub(crate) fn is_ready(&self, name: &str) -> bool {
        self.entries().get(name).is_some_and(|entry| entry.is_ready)
    }

    /// All names, ascending.
    pub(crate) fn names(&self) -> Vec<String> {
        self.entries().keys().cloned().collect()
    }

    /// The images that the build under way has made so far, the newest last.
    pub(crate) fn set_step_images(&self, ids: &[String]) {
        let mut images = self.step_images.lock().unwrap_or_else(PoisonError::into_inner);
        ids.clone_into(&mut images);
    }

    /// The same, and they are forgotten.
    pub(crate) fn take_step_images(&self) -> Vec<String> {
        std::mem::take(&mut self.step_images.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether nothing of this command is left.
    pub(crate) fn is_empty(&self) -> bool {
        let images = self.step_images.lock().unwrap_or_else(PoisonError::into_inner);
        images.is_empty() && self.entries().is_empty()
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, LedgerEntry>> {
        // A panic elsewhere does not make the list wrong.
        self.containers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_entry_settles_when_the_engine_has_answered() {
        let ledger = Arc::new(Ledger::default());
        let guard = ledger.begin("a1").expect("first");
        assert!(ledger.begin("a1").is_none(), "one create per name");
        assert_eq!(ledger.names(), ["a1"]);
        let writer = Arc::clone(&ledger);
        let engine = tokio::spawn(async move {
            tokio::task::yield_now().await;
            writer.created("a1", "id");
            drop(guard);
        });
        ledger.get("a1").expect("entry").settled().await;
        assert_eq!(ledger.get("a1").expect("entry").id.as_deref(), Some("id"));
        engine.await.expect("engine");
        ledger.forget("a1");
        assert_eq!(ledger.names(), Vec::<String>::new());
    }
}
