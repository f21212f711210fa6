//! What is read of Docker's own settings about engines: the name of the current
//! context, and proxies. Logins are read by `logins`.
//!
//! Format: `config.json` of <https://docs.docker.com/reference/cli/docker/>.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::proxies::Proxies;
use crate::settings::EngineSettings;

/// The part of `config.json` that matters here.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DockerConfig {
    /// The context that `docker context use` chose.
    #[serde(rename = "currentContext", default)]
    pub(crate) current_context: Option<String>,
    /// By the address of an engine; `default` for all others.
    #[serde(default)]
    pub(crate) proxies: BTreeMap<String, Proxies>,
}

impl DockerConfig {
    /// Reads `config.json`. A missing or damaged file is an empty one: Docker's
    /// settings must not stand between a user and a session.
    pub(crate) fn read(settings: &EngineSettings) -> Self {
        settings
            .config_directory()
            .and_then(|directory| std::fs::read(directory.join("config.json")).ok())
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// The proxies for containers of the engine of these settings.
    pub(crate) fn proxies(settings: &EngineSettings) -> Proxies {
        let mut all = Self::read(settings).proxies;
        let own = settings.docker_host.as_ref().and_then(|host| all.remove(host));
        own.or_else(|| all.remove("default")).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_an_empty_one() {
        let directory = tempfile::tempdir().expect("tempdir");
        std::fs::write(directory.path().join("config.json"), "{").expect("write");
        let settings = EngineSettings {
            docker_config: Some(directory.path().to_owned()),
            ..EngineSettings::default()
        };
        assert_eq!(DockerConfig::read(&settings).current_context, None);
    }
}
