//! Containers of the engine that the user chose, bounded by policy.
//!
//! A provider states what it wants ([`ContainerSpec`]); this room decides what
//! the engine is told. See `wit/v0.1/containers.wit` for the promises.
//!
//! Policy: `policy` (the body of a container), `labels` (who sees what),
//! `run_as` (whose files), `resources`. Mechanism: one file per call. Every
//! call may be dropped in the middle; [`Containers::remove_created`] cleans up.
//!
//! Imports `domain`, `files`, `registry` and `images`. Nobody else knows the client
//! of the engine.

use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_images as images;
use renku_session_registry as registry;

mod build;
mod builder_cache;
mod calls;
mod census;
mod clean_up;
mod command_line;
mod connect;
mod convert;
mod copy;
mod create;
mod credentials;
mod dangers;
mod docker_config;
mod engine_errors;
mod errors;
mod examine;
mod exchange;
mod facts;
mod glance;
mod grant_limits;
mod home;
mod host_ports;
mod image_state;
mod inside;
mod inspect;
mod labels;
mod ledger;
mod list;
mod logs;
mod options;
mod plan;
mod policy;
mod probe;
mod project_images;
mod pull;
mod ready;
mod registry_trouble;
mod remote;
mod resources;
mod run_as;
mod settings;
mod start;
mod stop;
mod types;
mod withheld;

use std::sync::Arc;

use bollard::Docker;
use tokio::sync::OnceCell;

use crate::domain::Reporter;
use ledger::Ledger;

pub use crate::images::{
    ImageConfig, ImageError, ImageOptions, OwnImage, ProjectImage, Pull, built_from,
};
pub use calls::{Answer, ContainerCalls};
pub use census::{Census, Resident, census_here};
pub use connect::SshHost;
pub use copy::CopiedProject;
pub use errors::{Attempt, ContainersError, ReachError};
pub use examine::{EngineReport, Examination, examine};
pub use glance::{Seen, glance};
pub use grant_limits::GrantLimits;
pub use options::{
    EngineOption, EngineOptions, OptionError, OptionOrigin, Surroundings, all as engine_options,
    find as engine_option,
};
pub use remote::{EnginePlace, Tunnel};
pub use settings::EngineSettings;
pub use types::{
    ContainerInfo, ContainerSpec, ContainerState, LogSink, Probe, ProjectCopy, ProjectFiles,
    ProjectScope, RunAs, Scope,
};
pub use withheld::Withheld;

/// Containers, for one provider and one command. Clones share everything.
#[derive(Clone)]
pub struct Containers(Arc<Inner>);

struct Inner {
    scope: Scope,
    settings: EngineSettings,
    options: EngineOptions,
    reporter: Arc<dyn Reporter>,
    images: ImageOptions,
    limits: GrantLimits,
    engine: OnceCell<connect::Engine>,
    ledger: Arc<Ledger>,
}

/// Checks the name of an image, without asking anybody whether it exists.
///
/// # Errors
///
/// [`ImageError::InvalidImageName`].
pub fn check_image_name(image: &str) -> Result<(), ContainersError> {
    crate::registry::ImageReference::parse(image)?;
    Ok(())
}

/// Checks what a provider wants started, as far as that needs no engine.
///
/// # Errors
///
/// One of the `Invalid…` errors, or [`ContainersError::ReservedLabel`].
pub fn check_spec(spec: &ContainerSpec) -> Result<(), ContainersError> {
    policy::check(spec)
}

impl std::fmt::Debug for Containers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Containers")
            .field("scope", &self.0.scope)
            .field("created", &self.0.ledger.names())
            .finish_non_exhaustive()
    }
}

impl Containers {
    /// A handle for `scope`. The engine of `settings` is looked up at the first
    /// call that needs it; progress of long calls goes to `reporter`.
    #[must_use]
    pub fn new(scope: Scope, settings: EngineSettings, reporter: Arc<dyn Reporter>) -> Self {
        Self::with_images(scope, settings, reporter, ImageOptions::default())
    }

    /// The same, for a user who said something about images.
    #[must_use]
    pub fn with_images(
        scope: Scope,
        settings: EngineSettings,
        reporter: Arc<dyn Reporter>,
        images: ImageOptions,
    ) -> Self {
        // Without a grant nobody bounded anything.
        let limits = GrantLimits { engine_flags: true, ..GrantLimits::default() };
        Self::limited(scope, settings, reporter, images, limits)
    }

    /// The same, within the bounds of a grant.
    #[must_use]
    pub fn limited(
        scope: Scope,
        settings: EngineSettings,
        reporter: Arc<dyn Reporter>,
        images: ImageOptions,
        limits: GrantLimits,
    ) -> Self {
        Self(Arc::new(Inner {
            scope,
            settings,
            options: EngineOptions::default(),
            reporter,
            images,
            limits,
            engine: OnceCell::new(),
            ledger: Arc::default(),
        }))
    }

    /// With what the user typed for the engine. For a handle that nobody shares
    /// yet.
    #[must_use]
    pub fn with_options(mut self, options: EngineOptions) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.options = options;
        }
        self
    }

    /// The engine, connected on first use.
    async fn engine(&self) -> Result<&Docker, ContainersError> {
        Ok(&self.connected().await?.docker)
    }

    /// The same, with its address.
    async fn connected(&self) -> Result<&connect::Engine, ContainersError> {
        self.0.engine.get_or_try_init(|| connect::connect(&self.0.settings)).await
    }
}
