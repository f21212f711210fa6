//! Containers, for one provider and one command: who may see, start and remove what,
//! written once over any [`Driver`]. One file for each thing that can be asked.

mod admits;
mod alive;
mod asked;
mod build_image;
mod census;
mod clean_up;
mod copy;
mod dangers;
mod decided;
mod exec;
mod glance;
mod image_state;
mod inspect;
mod ledger;
mod left_copies;
mod list;
mod logs;
mod project_images;
mod provider_calls;
mod ready;
mod seen;
mod start;
mod stop;
mod withheld;

use std::sync::Arc;

use crate::domain::{EngineKind, Reporter};
use crate::{Driver, EngineOptions, GrantLimits, ImageOptions, Scope, Task};

pub use alive::in_time;
pub use census::{Census, Resident, census};
pub use glance::{Glimpse, glance};
pub(crate) use ledger::Ledger;
pub use withheld::Withheld;

/// Containers, for one provider and one command: policy over a driver. Clones share
/// everything.
#[derive(Clone)]
pub struct Containers(Arc<Inner>);

struct Inner {
    driver: Arc<dyn Driver>,
    scope: Scope,
    options: EngineOptions,
    reporter: Arc<dyn Reporter>,
    images: ImageOptions,
    limits: GrantLimits,
    ledger: Arc<Ledger>,
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
    /// A handle for `scope` on the engine of `driver`, within no bounds; progress of
    /// long calls goes to `reporter`.
    #[must_use]
    pub fn new(scope: Scope, driver: Arc<dyn Driver>, reporter: Arc<dyn Reporter>) -> Self {
        Self::of(
            driver,
            Task {
                engine: EngineKind::default(),
                scope,
                images: ImageOptions::default(),
                // Without a grant nobody bounded anything.
                limits: GrantLimits { engine_flags: true, ..GrantLimits::default() },
                options: EngineOptions::default(),
                reporter,
            },
        )
    }

    /// A handle for a task on the engine of `driver`.
    #[must_use]
    pub fn of(driver: Arc<dyn Driver>, task: Task) -> Self {
        let Task { engine: _, scope, images, limits, options, reporter } = task;
        let ledger = Arc::default();
        Self(Arc::new(Inner { driver, scope, options, reporter, images, limits, ledger }))
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
}
