//! Options of the engine that the user typed: what `docker run` knows, for any
//! provider that starts containers.
//!
//! They come from the command line, the environment or the user's own settings,
//! never from a project or a provider. A value goes straight into the part of
//! the request that it belongs to ([`EngineOptions`]); `policy` begins with that
//! and puts on top what it does not leave to anybody. One file per concern holds
//! the rows of the table and how their values are read.

mod danger;
mod environment;
mod error;
mod limits;
mod network;
mod option;
mod origin;
mod ports;
mod process;
mod reach;
mod refused;
mod security;
mod storage;
mod surroundings;
mod table;
mod together;
mod values;

use std::path::PathBuf;

use bollard::models::{ContainerCreateBody, HostConfig};

use super::ContainerSpec;
pub use error::OptionError;
pub use option::EngineOption;
use option::Set;
pub use origin::OptionOrigin;
pub(super) use ports::HostPort;
pub(super) use reach::Reach;
pub use surroundings::Surroundings;
pub use table::{all, find};

/// What was typed, read and checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EngineOptions {
    /// Whether what the engine cannot do is left out with a warning.
    pub(super) best_effort: bool,
    /// The image that the user typed.
    named_image: Option<String>,
    /// What the user should know about them.
    pub warnings: Vec<String>,
    /// The base of the request; policy replaces what is its own.
    pub(super) body: ContainerCreateBody,
    pub(super) host: HostConfig,
    /// As whom to run.
    pub(super) user: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) mac_address: Option<String>,
    pub(super) kernel_memory: Option<i64>,
    /// Where the session's port is published.
    pub(super) port: Option<HostPort>,
    pub(super) publish: Vec<ports::Published>,
    pub(super) publish_all: bool,
    environment: Vec<(String, String)>,
    file_environment: Vec<(String, String)>,
    /// Options that no engine here has, and why.
    unavailable: Vec<(&'static str, &'static str)>,
    given: Vec<Given>,
    /// What the option under way mounts, for [`Given`].
    source: Option<PathBuf>,
}

/// One option as it was typed.
#[derive(Debug, Clone, PartialEq)]
struct Given {
    name: &'static str,
    value: Option<String>,
    source: Option<PathBuf>,
}

impl Given {
    /// `--volume /data:/data`.
    fn shown(&self) -> String {
        match &self.value {
            Some(value) => format!("--{} {value}", self.name),
            None => format!("--{}", self.name),
        }
    }
}

impl EngineOptions {
    /// No options yet. `best_effort`: what the engine cannot do is left out with
    /// a warning; `named_image` is the one that the user typed.
    #[must_use]
    pub fn new(best_effort: bool, named_image: Option<String>) -> Self {
        Self { best_effort, named_image, ..Self::default() }
    }

    /// Takes one option with its value (any text for a flag), which comes from
    /// `origin`.
    ///
    /// # Errors
    ///
    /// Which option is wrong, why, and how it is written.
    pub fn set(
        &mut self,
        option: &EngineOption,
        value: &str,
        origin: OptionOrigin<'_>,
        around: &Surroundings<'_>,
    ) -> Result<(), OptionError> {
        self.source = None;
        let result = match option.set {
            Set::Flag(set) => {
                set(self);
                Ok(())
            }
            Set::Number(bounds, set) => values::number(value, bounds).map(|it| set(self, it)),
            Set::Size(set) => values::size(value).map(|it| set(self, it)),
            Set::Text(_) if value.trim().is_empty() => Err("the value is missing".to_owned()),
            Set::Text(set) => {
                set(self, value.trim().to_owned());
                Ok(())
            }
            Set::Parsed(set) => set(self, value, around),
        };
        result.map_err(|reason| {
            let given = origin.shown(option.name, value);
            let quote = if option.example.contains(' ') { "'" } else { "" };
            let hint =
                format!("write it as in `--{} {quote}{}{quote}`", option.name, option.example);
            OptionError::new(given, reason, Some(hint))
        })?;
        self.given.push(Given {
            name: option.name,
            value: option.value.map(|_| value.to_owned()),
            source: self.source.take(),
        });
        Ok(())
    }

    /// Whether and where a session with these options can be reached.
    pub(super) fn reach(&self) -> Reach {
        Reach::of(self.host.network_mode.as_deref())
    }

    /// What `spec` asks for once the user's own entrypoint and variables are in it.
    pub(super) fn typed_over(&self, spec: &ContainerSpec) -> ContainerSpec {
        let mut spec = spec.clone();
        spec.entrypoint = self.body.entrypoint.clone().or(spec.entrypoint);
        spec.environment.extend(self.environment().cloned());
        spec
    }

    /// The variables of the user, weakest first.
    pub(super) fn environment(&self) -> impl Iterator<Item = &(String, String)> {
        self.file_environment.iter().chain(&self.environment)
    }

    /// The host port that was typed and that `message` says is taken.
    pub(super) fn taken_port(&self, message: &str) -> Option<u16> {
        let is_taken = ["port is already allocated", "address already in use"];
        if !is_taken.iter().any(|words| message.contains(words)) {
            return None;
        }
        let typed = self.port.iter().chain(self.publish.iter().map(|it| &it.host));
        let mut ports = typed.filter_map(|at| at.port);
        let first = ports.clone().next();
        ports.find(|port| message.contains(&format!(":{port}"))).or(first)
    }

    /// Whether something is mounted at `target` in the session.
    pub(super) fn mounts_at(&self, target: &str) -> bool {
        let binds = self.host.binds.iter().flatten();
        let mut targets = binds.filter_map(|bind| bind.split(':').nth(1));
        targets.any(|other| other == target)
            || self.host.tmpfs.as_ref().is_some_and(|tmpfs| tmpfs.contains_key(target))
    }

    /// The option of this name as it was typed, for messages.
    pub(super) fn as_typed(&self, name: &str) -> Option<String> {
        self.given.iter().find(|given| given.name == name).map(Given::shown)
    }
}

#[cfg(test)]
mod tests;
