//! The engine of one command, connected on first use.

use tokio::sync::OnceCell;

use crate::connect::{self, Engine};
use crate::contract::ContainersError;
use crate::docker_facts::{DockerFacts, podman_version};
use crate::engine_errors;
use crate::settings::EngineSettings;

/// The engine of these settings, connected on first use.
#[derive(Debug, Default)]
pub struct Docker {
    pub(crate) settings: EngineSettings,
    engine: OnceCell<Engine>,
    pub(crate) facts: OnceCell<DockerFacts>,
}

impl Docker {
    /// The engine that `settings` name. Nothing is asked yet.
    #[must_use]
    pub fn new(settings: EngineSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// The engine of these settings if it is on this machine and listens.
    pub async fn here(settings: &EngineSettings) -> Option<Self> {
        connect::connect_locally(settings).await.map(Self::of)
    }

    /// An engine that was found.
    pub(crate) fn of(engine: Engine) -> Self {
        Self { engine: OnceCell::new_with(Some(engine)), ..Self::default() }
    }

    pub(crate) async fn engine(&self) -> Result<&Engine, ContainersError> {
        self.engine.get_or_try_init(|| connect::connect(&self.settings)).await
    }

    pub(crate) async fn client(&self) -> Result<&bollard::Docker, ContainersError> {
        Ok(&self.engine().await?.docker)
    }

    /// Whether it is Podman.
    pub(crate) async fn is_podman(&self) -> Result<bool, ContainersError> {
        let version = self.client().await?.version().await;
        let version = version.map_err(engine_errors::other("describe itself"))?;
        Ok(podman_version(&version).is_some())
    }

    /// What it says about itself, asked once.
    pub(crate) async fn known(&self) -> Result<&DockerFacts, ContainersError> {
        let ask = || async { DockerFacts::ask(self.engine().await?).await };
        self.facts.get_or_try_init(ask).await
    }
}
