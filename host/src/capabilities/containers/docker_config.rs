//! What is read of Docker's own settings: the current context and its address,
//! and logins that are stored in the file itself.
//!
//! Formats: `config.json` and `contexts/meta/<sha256 of the name>/meta.json` of
//! <https://docs.docker.com/reference/cli/docker/> and
//! <https://docs.docker.com/engine/manage-resources/contexts/>.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use bollard::auth::DockerCredentials;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::reference::DEFAULT_REGISTRY;
use super::settings::EngineSettings;

/// The part of `config.json` that matters here.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DockerConfig {
    /// The context that `docker context use` chose.
    #[serde(rename = "currentContext", default)]
    pub(super) current_context: Option<String>,
    #[serde(default)]
    auths: BTreeMap<String, Login>,
}

#[derive(Debug, Default, Deserialize)]
struct Login {
    /// base64 of `user:password`.
    #[serde(default)]
    auth: Option<String>,
    #[serde(rename = "identitytoken", default)]
    identity_token: Option<String>,
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

    /// The stored login for a registry's host. Logins that only a credential
    /// helper knows are not found.
    pub(super) fn credentials(&self, registry: &str) -> Option<DockerCredentials> {
        let (_, login) = self.auths.iter().find(|(key, _)| host_of(key) == registry)?;
        let decoded =
            base64::engine::general_purpose::STANDARD.decode(login.auth.as_ref()?).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (user, password) = decoded.trim_end_matches('\0').split_once(':')?;
        Some(DockerCredentials {
            username: Some(user.to_owned()),
            password: Some(password.to_owned()),
            serveraddress: Some(registry.to_owned()),
            identitytoken: login.identity_token.clone(),
            ..DockerCredentials::default()
        })
    }

    /// Every stored login by host, for builds that pull their base image.
    pub(super) fn all_credentials(&self) -> BTreeMap<String, DockerCredentials> {
        self.auths
            .keys()
            .filter_map(|key| Some((key.clone(), self.credentials(host_of(key))?)))
            .collect()
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

/// Keys of `auths` are hosts or old-style URLs; the default registry has a name
/// of its own.
fn host_of(key: &str) -> &str {
    let host = key.split_once("://").map_or(key, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or(host);
    if host == "index.docker.io" { DEFAULT_REGISTRY } else { host }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(json: &str) -> DockerConfig {
        serde_json::from_str(json).expect("config")
    }

    #[test]
    fn a_login_stored_in_the_file_is_used_for_its_registry_only() {
        // base64 of `ann:s:cret`.
        let config = config(r#"{"auths":{"registry.example.org":{"auth":"YW5uOnM6Y3JldA=="}}}"#);
        assert_eq!(
            config.credentials("registry.example.org"),
            Some(DockerCredentials {
                username: Some("ann".into()),
                password: Some("s:cret".into()),
                serveraddress: Some("registry.example.org".into()),
                ..DockerCredentials::default()
            })
        );
        assert_eq!(config.credentials("other.example.org"), None);
    }

    #[test]
    fn the_old_key_of_the_default_registry_is_known() {
        let config = config(
            r#"{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"},"helper.example.org":{}}}"#,
        );
        assert!(config.credentials("docker.io").is_some());
        assert_eq!(
            config.all_credentials().keys().collect::<Vec<_>>(),
            ["https://index.docker.io/v1/"]
        );
    }

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
