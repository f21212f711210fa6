//! The engines that the program has: which one serves which kind of provider. The one
//! room that names them.
//!
//! Imports `domain`, `files`, `contract` and every engine.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use renku_session_contract::{
    Census, Containers, Engine, Engines, Examination, Glimpse, ProjectScope, Task, census, glance,
};
use renku_session_docker::{Docker, EngineSettings, examine, names_a_remote_engine};
use renku_session_domain::EngineKind;
use renku_session_files::session_key::KeyFile;

/// The engines that the environment of this process names.
#[derive(Debug, Clone)]
pub struct Installed {
    daemon: EngineSettings,
}

impl Installed {
    /// Reads the environment. Nothing is asked of anybody.
    #[must_use]
    pub fn from_environment() -> Self {
        Self { daemon: EngineSettings::from_environment() }
    }
}

impl Engines for Installed {
    fn open(&self, task: Task) -> Arc<dyn Engine> {
        match task.engine {
            EngineKind::Daemon => {
                let driver = Arc::new(Docker::new(self.daemon.clone()));
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
            match Docker::here(&self.daemon).await {
                Some(driver) => glance(&driver, project, key, legacy).await,
                None => Vec::new(),
            }
        })
    }

    fn census<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Census> {
        Box::pin(async move {
            match Docker::here(&self.daemon).await {
                Some(driver) => census(&driver, key).await.unwrap_or_default(),
                None => Census::default(),
            }
        })
    }

    fn examine<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Vec<Examination>> {
        Box::pin(async move { vec![examine(&self.daemon, key).await] })
    }

    fn sees_our_files(&self) -> bool {
        !names_a_remote_engine(&self.daemon)
    }
}
