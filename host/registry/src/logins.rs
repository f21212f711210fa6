//! Logins for registries: those that `docker login` and `podman login` stored, in
//! their files or in the helpers that these name.
//!
//! Nothing here ever fails: whoever has no login that works goes on without one,
//! because most images need none. `-v` reports failures.
//!
//! Formats: `auths`, `credHelpers` and `credsStore` of
//! <https://docs.docker.com/reference/cli/docker/login/>, and containers-auth.json(5).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use crate::artifacts;
use crate::credential_helper::{self, Stored};
use crate::domain::Secret;
use crate::files::RegistryFiles;
use crate::image_reference::DEFAULT_REGISTRY;
use crate::login::Login;
use crate::web::http::{CertificateError, Certificates};

/// Under which name the login of the default registry is stored.
const DEFAULT_REGISTRY_KEY: &str = "https://index.docker.io/v1/";

/// Bytes of a file with logins.
const FILE_BYTES: u64 = 1 << 20;

/// What one file says about logins.
#[derive(Debug, Clone, Default, Deserialize)]
struct File {
    #[serde(default)]
    auths: BTreeMap<String, StoredLogin>,
    /// Helpers by host: they alone answer for it.
    #[serde(rename = "credHelpers", default)]
    helpers: BTreeMap<String, String>,
    /// The helper for every other host.
    #[serde(rename = "credsStore", default)]
    store: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
struct StoredLogin {
    /// base64 of `user:password`.
    #[serde(default)]
    auth: Option<String>,
    /// The two apart, as some tools write them.
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(rename = "identitytoken", default)]
    identity_token: Option<String>,
}

impl std::fmt::Debug for StoredLogin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StoredLogin").finish_non_exhaustive()
    }
}

/// The logins of a user.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Logins(Vec<File>);

/// The logins that `docker login` and `podman login` made, read when one is needed.
pub struct UsersLogins;

impl artifacts::Logins for UsersLogins {
    fn login<'a>(&'a self, host: &'a str, repository: &'a str) -> BoxFuture<'a, Option<Login>> {
        Box::pin(async move {
            Logins::read(&RegistryFiles::from_environment()).of(host, repository).await
        })
    }

    fn certificates(&self, host: &str) -> Result<Option<Certificates>, CertificateError> {
        for folder in RegistryFiles::from_environment().certificates(host) {
            if let found @ Some(_) = Certificates::read(&folder)? {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

impl Logins {
    /// Reads the files. A missing or damaged one is an empty one.
    #[must_use]
    pub fn read(files: &RegistryFiles) -> Self {
        Self(files.logins().iter().filter_map(|file| read(file)).collect())
    }

    /// The login for a repository of a registry's host; none when there is none, or none
    /// that can be had.
    pub async fn of(&self, registry: &str, repository: &str) -> Option<Login> {
        for file in &self.0 {
            let found = file.of(registry, repository).await;
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The login for a registry as a builder names it: a host, or an old-style
    /// URL.
    pub async fn of_key(&self, key: &str) -> Option<Login> {
        self.of(&place_of(key), "").await
    }

    /// Every login that is known by host, for builders that want them
    /// beforehand.
    pub async fn all(&self) -> BTreeMap<String, Login> {
        let keys = self.0.iter().flat_map(|file| file.auths.keys().chain(file.helpers.keys()));
        let hosts: BTreeSet<String> =
            keys.map(|key| place_of(key)).filter(|place| !place.contains('/')).collect();
        let mut all = BTreeMap::new();
        for host in hosts {
            if let Some(login) = self.of(&host, "").await {
                let key = if host == DEFAULT_REGISTRY { DEFAULT_REGISTRY_KEY } else { &host };
                all.insert(key.to_owned(), login);
            }
        }
        all
    }
}

impl File {
    async fn of(&self, registry: &str, repository: &str) -> Option<Login> {
        if let Some(helper) = self.helper(registry) {
            // The key is the name under which `docker login` stored it.
            let key = if registry == DEFAULT_REGISTRY { DEFAULT_REGISTRY_KEY } else { registry };
            match credential_helper::get(helper, key).await {
                Ok(Some(stored)) => return Some(from_helper(stored)),
                Ok(None) => {}
                Err(reason) => tracing::info!(
                    "no login for `{registry}` from `{}`: {reason}",
                    credential_helper::program(helper)
                ),
            }
        }
        // From the repository up to its host: the most specific login is meant, and one
        // for another namespace never is.
        let mut place = match repository {
            "" => registry.to_owned(),
            repository => format!("{registry}/{repository}"),
        };
        loop {
            let entries = self.auths.iter().filter(|(key, _)| place_of(key) == place);
            if let Some(login) = entries.filter_map(|(_, entry)| entry.login()).next() {
                return Some(login);
            }
            place.truncate(place.rfind('/')?);
        }
    }

    fn helper(&self, registry: &str) -> Option<&str> {
        let own = self.helpers.iter().find(|(key, _)| place_of(key) == registry);
        own.map(|(_, helper)| helper).or(self.store.as_ref()).map(String::as_str)
    }
}

impl StoredLogin {
    fn login(&self) -> Option<Login> {
        if let Some(token) = self.identity_token.as_deref().filter(|token| !token.is_empty()) {
            return Some(Login::IdentityToken(Secret::new(token)));
        }
        let pair = self.auth.as_deref().map(str::trim).filter(|auth| !auth.is_empty());
        let (user, password) = match pair {
            Some(pair) => {
                let decoded = base64::engine::general_purpose::STANDARD.decode(pair).ok()?;
                let decoded = String::from_utf8(decoded).ok()?;
                let (user, password) = decoded.trim_end_matches('\0').split_once(':')?;
                (user.to_owned(), password.to_owned())
            }
            None => (self.username.clone()?, self.password.clone()?),
        };
        let password = Secret::new(password);
        // Without a name it is a token.
        Some(match user.is_empty() {
            true => Login::Bearer(password),
            false => Login::Password { user, password },
        })
    }
}

fn read(file: &Path) -> Option<File> {
    // A pipe has no end, and opening one waits.
    if !std::fs::metadata(file).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(FILE_BYTES).read_to_end(&mut bytes).ok()?;
    match serde_json::from_slice(&bytes) {
        Ok(read) => Some(read),
        Err(error) => {
            tracing::info!("`{}` is not used: {error}", file.display());
            None
        }
    }
}

/// A helper says `<token>` in place of a user when what it keeps is a token.
fn from_helper(stored: Stored) -> Login {
    let secret = Secret::new(stored.secret);
    match stored.user.as_str() {
        "<token>" => Login::IdentityToken(secret),
        _ => Login::Password { user: stored.user, password: secret },
    }
}

/// What a key is for: a host, or a namespace of it. Old-style keys are URLs of a whole
/// host, and the default registry has names of its own.
fn place_of(key: &str) -> String {
    let (place, is_url) = match key.split_once("://") {
        Some((_, rest)) => (rest, true),
        None => (key, false),
    };
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = match host {
        "index.docker.io" | "registry-1.docker.io" => DEFAULT_REGISTRY,
        host => host,
    };
    match path.trim_end_matches('/') {
        "" | "v1" | "v2" => host.to_owned(),
        _ if is_url => host.to_owned(),
        path => format!("{host}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logins(json: &str) -> Logins {
        Logins(vec![serde_json::from_str(json).expect("config")])
    }

    fn password(user: &str, password: &str) -> Option<Login> {
        Some(Login::Password { user: user.into(), password: Secret::new(password) })
    }

    async fn user(logins: &Logins, registry: &str, repository: &str) -> Option<String> {
        match logins.of(registry, repository).await? {
            Login::Password { user, .. } => Some(user),
            Login::IdentityToken(_) | Login::Bearer(_) => None,
        }
    }

    #[tokio::test]
    async fn a_login_stored_in_the_file_is_used_for_its_registry_only() {
        // base64 of `ann:s:cret`.
        let logins = logins(r#"{"auths":{"registry.example.org":{"auth":"YW5uOnM6Y3JldA=="}}}"#);
        assert_eq!(logins.of("registry.example.org", "a/b").await, password("ann", "s:cret"));
        assert_eq!(logins.of("other.example.org", "a/b").await, None);
        assert_eq!(logins.of("registry.example.org.evil.example", "a").await, None);
    }

    #[tokio::test]
    async fn the_old_key_of_the_default_registry_is_known() {
        let logins = logins(
            r#"{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"},"helper.example.org":{}}}"#,
        );
        assert_eq!(logins.of("docker.io", "library/alpine").await, password("a", "b"));
        assert_eq!(logins.all().await.keys().collect::<Vec<_>>(), ["https://index.docker.io/v1/"]);
    }

    #[tokio::test]
    async fn the_most_specific_login_counts_and_never_that_of_another_namespace() {
        let logins = logins(
            r#"{"auths":{
                "r.example:5000":{"auth":"aG9zdDp4"},
                "r.example:5000/acme":{"auth":"YWNtZTp4"},
                "r.example:5000/acme/slurm":{"auth":"c2x1cm06eA=="},
                "q.example/acme":{"auth":"cTp4"}}}"#,
        );
        for (registry, repository, wanted) in [
            ("r.example:5000", "acme/slurm", Some("slurm")),
            ("r.example:5000", "acme/other", Some("acme")),
            ("r.example:5000", "acmes/slurm", Some("host")),
            ("r.example:5000", "x", Some("host")),
            ("r.example:5000", "", Some("host")),
            ("q.example", "acme/a/b", Some("q")),
            ("q.example", "other/a", None),
            ("q.example", "", None),
            ("r.example", "acme", None),
        ] {
            let found = user(&logins, registry, repository).await;
            assert_eq!(found.as_deref(), wanted, "{registry}/{repository}");
        }
        assert_eq!(logins.all().await.keys().collect::<Vec<_>>(), ["r.example:5000"]);
    }

    #[tokio::test]
    async fn a_login_may_be_a_token_or_stand_there_in_plain() {
        let logins = logins(
            r#"{"auths":{
                "a.example":{"auth":"MDAwOg==","identitytoken":"t"},
                "b.example":{"username":"ann","password":"x"},
                "c.example":{"username":"ann"},
                "d.example":{"auth":"!"}}}"#,
        );
        let token = Some(Login::IdentityToken(Secret::new("t")));
        assert_eq!(logins.of("a.example", "x").await, token);
        assert_eq!(logins.of("b.example", "x").await, password("ann", "x"));
        assert_eq!(logins.of("c.example", "x").await, None);
        assert_eq!(logins.of("d.example", "x").await, None);
    }

    #[tokio::test]
    async fn what_podman_login_stored_is_used() {
        let folder = tempfile::tempdir().expect("tempdir");
        let put = |path: &str, user: &str| {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().expect("folder")).expect("folder");
            let auth = base64::engine::general_purpose::STANDARD.encode(format!("{user}:x"));
            let text = format!(r#"{{"auths":{{"r.example":{{"auth":"{auth}"}}}}}}"#);
            std::fs::write(&file, text).expect("write");
            file
        };
        let place = |path: &str| Some(folder.path().join(path));
        let mut files = RegistryFiles {
            docker_config: place("docker"),
            runtime: place("run/containers"),
            configuration: place("config"),
            ..RegistryFiles::default()
        };
        let who = async |files: &RegistryFiles| user(&Logins::read(files), "r.example", "a").await;
        assert_eq!(who(&files).await, None);
        put("config/containers/auth.json", "for-ever");
        assert_eq!(who(&files).await.as_deref(), Some("for-ever"));
        put("run/containers/auth.json", "until-reboot");
        assert_eq!(who(&files).await.as_deref(), Some("until-reboot"));
        put("docker/config.json", "docker");
        assert_eq!(who(&files).await.as_deref(), Some("docker"));
        files.auth_file = Some(put("own.json", "own"));
        assert_eq!(who(&files).await.as_deref(), Some("own"));
    }

    #[tokio::test]
    async fn a_missing_helper_is_no_obstacle() {
        let missing = logins(
            r#"{"credsStore":"renku-test-is-not-there",
                "credHelpers":{"b.example.org":"renku-test-neither"},
                "auths":{"a.example.org":{"auth":"YTpi"}}}"#,
        );
        assert_eq!(missing.of("b.example.org", "").await, None);
        // What stands in the file from before still counts.
        assert_eq!(user(&missing, "a.example.org", "").await.as_deref(), Some("a"));
    }

    #[test]
    fn the_helper_of_a_host_goes_before_the_one_for_all() {
        let both: File =
            serde_json::from_str(r#"{"credsStore":"all","credHelpers":{"b.example.org":"own"}}"#)
                .expect("config");
        assert_eq!(both.helper("b.example.org"), Some("own"));
        assert_eq!(both.helper("docker.io"), Some("all"));
    }

    #[test]
    fn a_helper_may_keep_a_token() {
        let stored = Stored { user: "<token>".into(), secret: "t".into() };
        assert_eq!(from_helper(stored), Login::IdentityToken(Secret::new("t")));
    }

    #[test]
    fn a_damaged_file_is_an_empty_one() {
        let directory = tempfile::tempdir().expect("tempdir");
        std::fs::write(directory.path().join("config.json"), "{").expect("write");
        let docker_config = Some(directory.path().to_owned());
        let files = RegistryFiles { docker_config, ..RegistryFiles::default() };
        assert!(Logins::read(&files).0.is_empty());
    }
}
