//! The engine of a test: one clear choice of every context.
//!
//! | choice | program | engine |
//! |---|---|---|
//! | [`Context::docker`](crate::Context::docker) | `renku` | the Docker Engine of this machine |
//! | [`Context::in_memory`](crate::Context::in_memory) | `renku-in-memory` | one in memory, of the test's own |
//! | [`Context::without_engine`](crate::Context::without_engine) | `renku` | nobody answers |

mod clean;
mod docker;
mod memory;

use std::path::{Path, PathBuf};

use clean::Clean;

pub use docker::{Foreign, docker, docker_ok};
pub use memory::MemoryEngine;

/// The engine of a test.
pub enum Engine {
    /// The Docker Engine of this machine. What a test leaves there goes with it.
    Docker(Clean),
    /// One in memory, of the test's own.
    Memory(MemoryEngine),
    /// Nobody answers.
    Nowhere,
}

impl Engine {
    pub(crate) fn docker() -> Self {
        Self::Docker(Clean::default())
    }

    pub(crate) fn docker_at(address: &str) -> Self {
        Self::Docker(Clean::of(address))
    }

    pub(crate) fn in_memory(folder: &Path) -> Self {
        Self::Memory(MemoryEngine::new(folder))
    }

    /// The program that has this engine.
    pub(crate) fn program(&self) -> PathBuf {
        match self {
            Self::Docker(_) | Self::Nowhere => crate::binary(),
            Self::Memory(engine) => engine.program(),
        }
    }

    /// What the program has to know of it: variables of its environment.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Docker(clean) => {
                clean.address().map(|host| ("DOCKER_HOST", host)).into_iter().collect()
            }
            Self::Memory(engine) => engine.environment(),
            Self::Nowhere => vec![("DOCKER_HOST", "unix:///nowhere/docker.sock".to_owned())],
        }
    }

    /// Remembers a project, by the label of what belongs to it.
    pub(crate) fn project(&self, id: String) {
        if let Self::Docker(clean) = self {
            clean.project(id);
        }
    }

    /// The containers of a project, by name.
    pub(crate) fn containers(&self, project: &str) -> Vec<String> {
        match self {
            Self::Docker(clean) => clean.named("ps -a --format {{.Names}}", project),
            Self::Memory(engine) => engine.containers(project),
            Self::Nowhere => Vec::new(),
        }
    }

    pub(crate) fn volumes(&self, project: &str) -> Vec<String> {
        match self {
            Self::Docker(clean) => clean.named("volume ls --format {{.Name}}", project),
            Self::Memory(engine) => engine.volumes(project),
            Self::Nowhere => Vec::new(),
        }
    }
}
