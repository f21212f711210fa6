//! What is read of Docker's own settings about engines: the current context and
//! its address. Logins are read by `logins`.
//!
//! Formats: `config.json` and `contexts/meta/<sha256 of the name>/meta.json` of
//! <https://docs.docker.com/reference/cli/docker/> and
//! <https://docs.docker.com/engine/manage-resources/contexts/>.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::settings::EngineSettings;

/// The part of `config.json` that matters here.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DockerConfig {
    /// The context that `docker context use` chose.
    #[serde(rename = "currentContext", default)]
    pub(super) current_context: Option<String>,
}

#[derive(Deserialize)]
struct ContextMetadata {
    #[serde(rename = "Endpoints", default)]
    endpoints: BTreeMap<String, ContextEndpoint>,
}

#[derive(Deserialize)]
struct ContextEndpoint {
    #[serde(rename = "Host", default)]
    host: Option<String>,
}

impl DockerConfig {
    /// Reads `config.json`. A missing or damaged file is an empty one: Docker's
    /// settings must not stand between a user and a session.
    pub(super) fn read(settings: &EngineSettings) -> Self {
        settings
            .config_directory()
            .and_then(|directory| std::fs::read(directory.join("config.json")).ok())
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }
}

/// The engine's address in a context, none when there is no such context.
pub(super) fn context_address(config_directory: &Path, context: &str) -> Option<String> {
    let digest: String =
        Sha256::digest(context.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = config_directory.join("contexts").join("meta").join(digest).join("meta.json");
    let metadata: ContextMetadata = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    metadata.endpoints.get("docker")?.host.clone()
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

    #[test]
    fn the_address_of_a_context_is_found_by_the_digest_of_its_name() {
        let directory = tempfile::tempdir().expect("tempdir");
        let digest = "fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e";
        let meta = directory.path().join("contexts/meta").join(digest);
        std::fs::create_dir_all(&meta).expect("mkdir");
        std::fs::write(
            meta.join("meta.json"),
            r#"{"Name":"desktop-linux","Endpoints":{"docker":{"Host":"unix:///a.sock"}}}"#,
        )
        .expect("write");
        assert_eq!(
            context_address(directory.path(), "desktop-linux").as_deref(),
            Some("unix:///a.sock")
        );
        assert_eq!(context_address(directory.path(), "other"), None);
    }
}
