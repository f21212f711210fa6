//! What is read of Docker's own settings about engines: the name of the current
//! context. Logins are read by `logins`.
//!
//! Format: `config.json` of <https://docs.docker.com/reference/cli/docker/>.

use serde::Deserialize;

use crate::settings::EngineSettings;

/// The part of `config.json` that matters here.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DockerConfig {
    /// The context that `docker context use` chose.
    #[serde(rename = "currentContext", default)]
    pub(crate) current_context: Option<String>,
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
