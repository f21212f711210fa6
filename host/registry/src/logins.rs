//! Logins for registries: those that `docker login` stored, in `config.json` or
//! in the helper that it names.
//!
//! Nothing here ever fails: whoever has no login that works goes on without one,
//! because most images need none. What did not work is said with `-v`.
//!
//! Format: `auths`, `credHelpers` and `credsStore` of
//! <https://docs.docker.com/reference/cli/docker/login/>.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use crate::artifacts;
use crate::credential_helper::{self, Stored};
use crate::image_reference::DEFAULT_REGISTRY;

/// Under which name the login of the default registry is stored.
const DEFAULT_REGISTRY_KEY: &str = "https://index.docker.io/v1/";

/// The part of `config.json` that is about logins.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Logins {
    #[serde(default)]
    auths: BTreeMap<String, Written>,
    /// Helpers by host: they alone answer for it.
    #[serde(rename = "credHelpers", default)]
    helpers: BTreeMap<String, String>,
    /// The helper for every other host.
    #[serde(rename = "credsStore", default)]
    store: Option<String>,
}

/// A login as it stands in the file.
#[derive(Debug, Clone, Default, Deserialize)]
struct Written {
    /// base64 of `user:password`.
    #[serde(default)]
    auth: Option<String>,
    #[serde(rename = "identitytoken", default)]
    identity_token: Option<String>,
}

/// A login for a registry: name and password, or a token.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// The host that it is for.
    pub registry: String,
    /// The name of the user.
    pub user: Option<String>,
    /// The password.
    pub secret: Option<String>,
    /// A token in place of both.
    pub identity_token: Option<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// The logins that `docker login` and `podman login` made, read when one is needed.
pub struct UsersLogins;

impl artifacts::Logins for UsersLogins {
    fn login<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<artifacts::Login>> {
        Box::pin(async move {
            let login = Logins::read(directory().as_deref()).of(host).await?;
            Some(artifacts::Login { user: login.user?, secret: login.secret? })
        })
    }
}

/// `$DOCKER_CONFIG`, else `~/.docker`. Empty variables count as unset, as in
/// Docker's own command line.
fn directory() -> Option<PathBuf> {
    let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    path("DOCKER_CONFIG").or_else(|| Some(path("HOME")?.join(".docker")))
}

impl Logins {
    /// Reads `config.json` in the directory of Docker's settings. A missing or
    /// damaged file is an empty one.
    #[must_use]
    pub fn read(directory: Option<&Path>) -> Self {
        let Some(directory) = directory else { return Self::default() };
        let file = directory.join("config.json");
        let Ok(bytes) = std::fs::read(&file) else { return Self::default() };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::info!("`{}` is not used: {error}", file.display());
            Self::default()
        })
    }

    /// The login for a registry's host; none when there is none, or none that
    /// can be had.
    pub async fn of(&self, registry: &str) -> Option<Login> {
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
    pub async fn of_key(&self, key: &str) -> Option<Login> {
        self.of(host_of(key)).await
    }

    /// Every login that is known by host, for builders that want them
    /// beforehand.
    pub async fn all(&self) -> BTreeMap<String, Login> {
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

    fn in_file(&self, registry: &str) -> Option<Login> {
        let logins = self.auths.iter().filter(|(key, _)| host_of(key) == registry);
        logins.map(|(_, login)| login).find_map(|login| {
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(login.auth.as_deref()?.trim())
                .ok()?;
            let decoded = String::from_utf8(decoded).ok()?;
            let (user, password) = decoded.trim_end_matches('\0').split_once(':')?;
            let token = login.identity_token.clone().filter(|token| !token.is_empty());
            Some(Login {
                registry: registry.to_owned(),
                user: Some(user.to_owned()),
                secret: Some(password.to_owned()),
                identity_token: token,
            })
        })
    }
}

/// A helper says `<token>` in place of a user when what it keeps is a token.
fn from_helper(stored: Stored, registry: &str) -> Login {
    let login = Login { registry: registry.to_owned(), ..Login::default() };
    match stored.user.as_str() {
        "<token>" => Login { identity_token: Some(stored.secret), ..login },
        _ => Login { user: Some(stored.user), secret: Some(stored.secret), ..login },
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

    fn user(login: Option<Login>) -> Option<String> {
        login.and_then(|login| login.user)
    }

    #[tokio::test]
    async fn a_login_stored_in_the_file_is_used_for_its_registry_only() {
        // base64 of `ann:s:cret`.
        let logins = logins(r#"{"auths":{"registry.example.org":{"auth":"YW5uOnM6Y3JldA=="}}}"#);
        assert_eq!(
            logins.of("registry.example.org").await,
            Some(Login {
                registry: "registry.example.org".into(),
                user: Some("ann".into()),
                secret: Some("s:cret".into()),
                identity_token: None,
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
        assert_eq!((login.identity_token.as_deref(), login.user), (Some("t"), None));
    }

    #[test]
    fn a_damaged_file_is_an_empty_one() {
        let directory = tempfile::tempdir().expect("tempdir");
        std::fs::write(directory.path().join("config.json"), "{").expect("write");
        assert_eq!(Logins::read(Some(directory.path())).store, None);
    }
}
