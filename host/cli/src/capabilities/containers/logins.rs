//! Logins for registries: those that `docker login` stored, in `config.json` or
//! in the helper that it names.
//!
//! Nothing here ever fails: whoever has no login that works goes on without one,
//! because most images need none. What did not work is said with `-v`.
//!
//! Format: `auths`, `credHelpers` and `credsStore` of
//! <https://docs.docker.com/reference/cli/docker/login/>.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use bollard::auth::DockerCredentials;
use serde::Deserialize;

use super::credential_helper::{self, Stored};
use super::reference::DEFAULT_REGISTRY;
use super::settings::EngineSettings;

/// Under which name the login of the default registry is stored.
const DEFAULT_REGISTRY_KEY: &str = "https://index.docker.io/v1/";

/// The part of `config.json` that is about logins.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Logins {
    #[serde(default)]
    auths: BTreeMap<String, Login>,
    /// Helpers by host: they alone answer for it.
    #[serde(rename = "credHelpers", default)]
    helpers: BTreeMap<String, String>,
    /// The helper for every other host.
    #[serde(rename = "credsStore", default)]
    store: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Login {
    /// base64 of `user:password`.
    #[serde(default)]
    auth: Option<String>,
    #[serde(rename = "identitytoken", default)]
    identity_token: Option<String>,
}

/// The user's login for a registry's host, from the settings of Docker and its
/// credential helpers: name and password.
pub async fn registry_login(settings: &EngineSettings, registry: &str) -> Option<(String, String)> {
    let login = Logins::read(settings).of(registry).await?;
    Some((login.username?, login.password?))
}

impl Logins {
    /// Reads `config.json`. A missing or damaged file is an empty one.
    pub(super) fn read(settings: &EngineSettings) -> Self {
        let Some(directory) = settings.config_directory() else { return Self::default() };
        let file = directory.join("config.json");
        let Ok(bytes) = std::fs::read(&file) else { return Self::default() };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::info!("`{}` is not used: {error}", file.display());
            Self::default()
        })
    }

    /// The login for a registry's host; none when there is none, or none that
    /// can be had.
    pub(super) async fn of(&self, registry: &str) -> Option<DockerCredentials> {
        if let Some(helper) = self.helper(registry) {
            // The key is the name under which `docker login` stored it.
            let key = if registry == DEFAULT_REGISTRY { DEFAULT_REGISTRY_KEY } else { registry };
            match credential_helper::get(helper, key).await {
                Ok(Some(stored)) => return Some(from_helper(stored, registry)),
                Ok(None) => {}
                Err(reason) => tracing::info!(
                    "no login for `{registry}` from `{}`: {reason}",
                    credential_helper::program(helper)
                ),
            }
        }
        self.in_file(registry)
    }

    /// The login for a registry as a builder names it: a host, or an old-style
    /// URL.
    pub(super) async fn of_key(&self, key: &str) -> Option<DockerCredentials> {
        self.of(host_of(key)).await
    }

    /// Every login that is known by host, for builders that want them
    /// beforehand.
    pub(super) async fn all(&self) -> BTreeMap<String, DockerCredentials> {
        let hosts: BTreeSet<&str> =
            self.auths.keys().chain(self.helpers.keys()).map(|key| host_of(key)).collect();
        let mut all = BTreeMap::new();
        for host in hosts {
            if let Some(login) = self.of(host).await {
                let key = if host == DEFAULT_REGISTRY { DEFAULT_REGISTRY_KEY } else { host };
                all.insert(key.to_owned(), login);
            }
        }
        all
    }

    fn helper(&self, registry: &str) -> Option<&str> {
        let own = self.helpers.iter().find(|(key, _)| host_of(key) == registry);
        own.map(|(_, helper)| helper).or(self.store.as_ref()).map(String::as_str)
    }

    fn in_file(&self, registry: &str) -> Option<DockerCredentials> {
        let logins = self.auths.iter().filter(|(key, _)| host_of(key) == registry);
        logins.map(|(_, login)| login).find_map(|login| {
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(login.auth.as_deref()?.trim())
                .ok()?;
            let decoded = String::from_utf8(decoded).ok()?;
            let (user, password) = decoded.trim_end_matches('\0').split_once(':')?;
            let token = login.identity_token.clone().filter(|token| !token.is_empty());
            Some(DockerCredentials {
                username: Some(user.to_owned()),
                password: Some(password.to_owned()),
                serveraddress: Some(registry.to_owned()),
                identitytoken: token,
                ..DockerCredentials::default()
            })
        })
    }
}

/// A helper says `<token>` in place of a user when what it keeps is a token.
fn from_helper(stored: Stored, registry: &str) -> DockerCredentials {
    let address = Some(registry.to_owned());
    if stored.user == "<token>" {
        return DockerCredentials {
            identitytoken: Some(stored.secret),
            serveraddress: address,
            ..DockerCredentials::default()
        };
    }
    DockerCredentials {
        username: Some(stored.user),
        password: Some(stored.secret),
        serveraddress: address,
        ..DockerCredentials::default()
    }
}

/// Keys are hosts or old-style URLs; the default registry has names of its own.
fn host_of(key: &str) -> &str {
    let host = key.split_once("://").map_or(key, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or(host);
    match host {
        "index.docker.io" | "registry-1.docker.io" => DEFAULT_REGISTRY,
        host => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logins(json: &str) -> Logins {
        serde_json::from_str(json).expect("config")
    }

    fn user(login: Option<DockerCredentials>) -> Option<String> {
        login.and_then(|login| login.username)
    }

    #[tokio::test]
    async fn a_login_stored_in_the_file_is_used_for_its_registry_only() {
        // base64 of `ann:s:cret`.
        let logins = logins(r#"{"auths":{"registry.example.org":{"auth":"YW5uOnM6Y3JldA=="}}}"#);
        assert_eq!(
            logins.of("registry.example.org").await,
            Some(DockerCredentials {
                username: Some("ann".into()),
                password: Some("s:cret".into()),
                serveraddress: Some("registry.example.org".into()),
                ..DockerCredentials::default()
            })
        );
        assert_eq!(logins.of("other.example.org").await, None);
    }

    #[tokio::test]
    async fn the_old_key_of_the_default_registry_is_known() {
        let logins = logins(
            r#"{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"},"helper.example.org":{}}}"#,
        );
        assert_eq!(user(logins.of("docker.io").await).as_deref(), Some("a"));
        assert_eq!(logins.all().await.keys().collect::<Vec<_>>(), ["https://index.docker.io/v1/"]);
    }

    #[tokio::test]
    async fn a_missing_helper_is_no_obstacle() {
        let missing = logins(
            r#"{"credsStore":"renku-test-is-not-there",
                "credHelpers":{"b.example.org":"renku-test-neither"},
                "auths":{"a.example.org":{"auth":"YTpi"}}}"#,
        );
        assert_eq!(missing.of("b.example.org").await, None);
        // What stands in the file from before still counts.
        assert_eq!(user(missing.of("a.example.org").await).as_deref(), Some("a"));
    }

    #[test]
    fn the_helper_of_a_host_goes_before_the_one_for_all() {
        let both = logins(r#"{"credsStore":"all","credHelpers":{"b.example.org":"own"}}"#);
        assert_eq!(both.helper("b.example.org"), Some("own"));
        assert_eq!(both.helper("docker.io"), Some("all"));
    }

    #[test]
    fn a_helper_may_keep_a_token() {
        let stored = Stored { user: "<token>".into(), secret: "t".into() };
        let login = from_helper(stored, "a.example.org");
        assert_eq!((login.identitytoken.as_deref(), login.username), (Some("t"), None));
    }

    #[test]
    fn a_damaged_file_is_an_empty_one() {
        let directory = tempfile::tempdir().expect("tempdir");
        std::fs::write(directory.path().join("config.json"), "{").expect("write");
        let settings = EngineSettings {
            docker_config: Some(directory.path().to_owned()),
            ..EngineSettings::default()
        };
        assert_eq!(Logins::read(&settings).store, None);
    }
}
