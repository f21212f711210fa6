//! Options of the engine that the user typed: what `docker run` knows, for any
//! provider that starts containers.
//!
//! They come from the command line, the environment or the user's own settings,
//! never from a project or a provider. A value goes straight into the field that it
//! belongs to ([`RunOptions`]); `policy` begins with that and puts on top what it does
//! not leave to anybody. One file per concern holds the rows of the table and how
//! their values are read.

mod caller;
mod danger;
mod environment;
mod error;
mod given_in;
mod limits;
mod network;
mod option;
mod ports;
mod process;
mod reach;
mod run_options;
mod security;
mod set;
mod storage;
mod table;
mod together;
mod typed;
mod values;
mod written;

use std::path::PathBuf;

use crate::ContainerSpec;
pub use caller::Caller;
pub use error::OptionError;
pub use given_in::GivenIn;
pub use option::EngineOption;
pub use ports::{HostPort, Published};
pub use reach::Reach;
pub use run_options::{Device, Isolation, RunOptions, Ulimit, Volume};
pub use table::{all, find};
pub use typed::Typed;
pub use written::WrittenOption;

/// What was typed, read and checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EngineOptions {
    /// Whether what the engine cannot do is left out with a warning.
    pub(crate) best_effort: bool,
    /// Whether a session whose Jupyter needs no token is fine.
    pub(crate) without_token: bool,
    /// The image that the user typed.
    named_image: Option<String>,
    /// What the user should know about them.
    pub warnings: Vec<String>,
    /// The options that the engine gets as they were typed.
    pub run: RunOptions,
    /// Whether something above the program reaps its children; none: where the image
    /// has nothing that does.
    pub(crate) init: Option<bool>,
    /// As whom to run.
    pub(crate) user: Option<String>,
    /// Replace the image's entrypoint entrypoint.
    pub(crate) entrypoint: Option<String>,
    /// Where the session's port is published.
    pub(crate) port: Option<HostPort>,
    pub(crate) publish: Vec<Published>,
    pub(crate) publish_all: bool,
    environment: Vec<(String, String)>,
    file_environment: Vec<(String, String)>,
    /// Options that no engine here has, and why.
    unavailable: Vec<(&'static str, &'static str)>,
    typed: Typed,
    /// What the option under way mounts, for messages.
    source: Option<PathBuf>,
}

impl EngineOptions {
    /// No options yet. `best_effort`: what the engine cannot do is left out with
    /// a warning; `named_image` is the one that the user typed.
    #[must_use]
    pub fn new(best_effort: bool, named_image: Option<String>) -> Self {
        Self { best_effort, named_image, ..Self::default() }
    }

    /// Whether and where a session with these options can be reached.
    pub(crate) fn reach(&self) -> Reach {
        Reach::of(self.run.network.as_deref())
    }

    /// What `spec` asks for once the user's own entrypoint and variables are in it.
    pub(crate) fn typed_over(&self, spec: &ContainerSpec) -> ContainerSpec {
        let mut spec = spec.clone();
        if let Some(program) = &self.entrypoint {
            spec.entrypoint = Some(vec![program.clone()]);
        }
        spec.environment.extend(self.environment().cloned());
        spec
    }

    /// The variables of the user, weakest first.
    pub(crate) fn environment(&self) -> impl Iterator<Item = &(String, String)> {
        self.file_environment.iter().chain(&self.environment)
    }

    /// Whether something is mounted at `target` in the session.
    pub(crate) fn mounts_at(&self, target: &str) -> bool {
        self.run.volume.iter().any(|volume| volume.target == target)
            || self.run.tmpfs.contains_key(target)
    }

    /// The options as they were typed, for messages.
    pub(crate) fn typed(&self) -> &Typed {
        &self.typed
    }
}

#[cfg(test)]
mod tests;
