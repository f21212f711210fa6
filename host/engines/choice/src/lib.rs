//! The engines that the program has: which one serves which kind of provider. The one
//! room that names them.
//!
//! Imports `domain`, `files`, `contract` and every engine.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use renku_session_contract::{
    Census, Containers, Engine, Engines, Examination, Glimpse, ProjectScope, Task, census, glance,
};
use renku_session_docker::{Docker, EngineSettings, examine, is_set_up, names_a_remote_engine};
use renku_session_domain::EngineKind;
use renku_session_files::session_key::KeyFile;
use renku_session_rootless::Rootless;
pub use renku_session_rootless::{SUPERVISE, supervise};

/// The engines that the environment of this process names.
#[derive(Debug, Clone)]
pub struct Installed {
    daemon: EngineSettings,
    rootless: Rootless,
}

impl Installed {
    /// Reads the environment. Nothing is asked of anybody. `program` is this program,
    /// which calls [`supervise`] when its first argument is [`SUPERVISE`].
    #[must_use]
    pub fn from_environment(program: PathBuf) -> Self {
        Self { daemon: EngineSettings::from_environment(), rootless: Rootless::new(program) }
    }
}

impl Engines for Installed {
    fn open(&self, task: Task) -> Arc<dyn Engine> {
        match task.engine {
            EngineKind::Daemon => {
                let driver = Arc::new(Docker::new(self.daemon.clone()));
                Arc::new(Containers::of(driver, task))
            }
            EngineKind::Rootless => {
                let driver = Arc::new(self.rootless.clone());
                Arc::new(Containers::of(driver, task))
            }
        }
    }

    fn glance<'a>(
        &'a self,
        project: &'a ProjectScope,
        key: &'a KeyFile,
        legacy: &'a str,
    ) -> BoxFuture<'a, Vec<Glimpse>> {
        Box::pin(async move {
            let daemon = async {
                match Docker::here(&self.daemon).await {
                    Some(driver) => glance(&driver, project, key, legacy).await,
                    None => Vec::new(),
                }
            };
            let (mut all, rootless) =
                tokio::join!(daemon, glance(&self.rootless, project, key, legacy));
            all.extend(rootless);
            all
        })
    }

    fn census<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Census> {
        Box::pin(async move {
            let mut all = match Docker::here(&self.daemon).await {
                Some(driver) => census(&driver, key).await.unwrap_or_default(),
                None => Census::default(),
            };
            let rootless = census(&self.rootless, key).await.unwrap_or_default();
            all.sessions.extend(rootless.sessions);
            all
        })
    }

    fn examine<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Vec<Examination>> {
        Box::pin(async move {
            let mut all = Vec::new();
            if self.is_set_up(EngineKind::Daemon) {
                all.push(examine(&self.daemon, key).await);
            }
            // Who has an engine, and never had a session without one, need not hear of it.
            if all.is_empty() || Rootless::is_used() {
                all.push(renku_session_rootless::examine(&self.rootless, key).await);
            }
            all
        })
    }

    fn usual(&self) -> EngineKind {
        match self.is_set_up(EngineKind::Daemon) {
            true => EngineKind::Daemon,
            false => EngineKind::Rootless,
        }
    }

    fn is_set_up(&self, kind: EngineKind) -> bool {
        match kind {
            // Elsewhere nothing runs without one, and its error says how to get one.
            EngineKind::Daemon => !cfg!(target_os = "linux") || is_set_up(&self.daemon),
            EngineKind::Rootless => true,
        }
    }

    fn sees_our_files(&self) -> bool {
        !names_a_remote_engine(&self.daemon)
    }
}
