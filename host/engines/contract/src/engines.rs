//! The engines that a command can use. Made once, in `main`; nobody above asks
//! which engine answers.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::domain::EngineKind;
use crate::files::session_key::KeyFile;
use crate::{Census, Engine, Examination, Glimpse, ProjectScope, Task};

/// The engines of this machine and user.
pub trait Engines: Send + Sync {
    /// The engine of a task. It is looked up at the first call that needs it.
    fn open(&self, task: Task) -> Arc<dyn Engine>;

    /// A quick look at the sessions of `project`, of whatever provider, for
    /// completion: engines on this machine alone. Those of the Python `renku` are of
    /// the provider `legacy`. The caller sets the deadline.
    fn glance<'a>(
        &'a self,
        project: &'a ProjectScope,
        key: &'a KeyFile,
        legacy: &'a str,
    ) -> BoxFuture<'a, Vec<Glimpse>>;

    /// Every session of the user with this key on the engines of this machine;
    /// nothing of one that does not answer. The caller sets the deadline.
    fn census<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Census>;

    /// Asks every engine about itself and for the sessions of the user with this
    /// key.
    fn examine<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Vec<Examination>>;

    /// The kind of engine that serves a start whose provider nobody named.
    fn usual(&self) -> EngineKind {
        EngineKind::default()
    }

    /// Whether there is an engine of this kind as far as settings and files say, also one
    /// that refuses; nobody is asked.
    fn is_set_up(&self, kind: EngineKind) -> bool {
        let _ = kind;
        true
    }

    /// Whether the engines see the files of this machine under the same paths, as
    /// far as settings say; nobody is asked.
    fn sees_our_files(&self) -> bool;
}
