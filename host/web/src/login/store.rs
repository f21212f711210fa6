//! The logins of a user: one file of mode 0600, one entry a RenkuLab.
//!
//! Why no keyring: `docs/adr/0009-logins-in-a-file.md`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::LoginError;
use super::tokens::Tokens;
use crate::files::{self, OwnFile};
use crate::http::OriginUrl;

/// The version of the file's format.
const VERSION: u8 = 1;

/// How long another process may take to refresh, and how often it is looked for.
const PATIENCE: Duration = Duration::from_secs(75);
const PAUSE: Duration = Duration::from_millis(20);

/// Where logins are kept. Looking whether there are any is one look at the file
/// system.
#[derive(Debug, Clone)]
pub struct Store {
    file: OwnFile,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Logins {
    version: u8,
    /// The RenkuLab that was logged in to last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(default)]
    logins: BTreeMap<String, Tokens>,
}

impl Default for Logins {
    fn default() -> Self {
        Self { version: VERSION, default: None, logins: BTreeMap::new() }
    }
}

impl Logins {
    /// The URLs of the RenkuLabs, the one that is used without a name first.
    #[must_use]
    pub fn urls(&self) -> Vec<&str> {
        let default = self.usual();
        let others = self.logins.keys().map(String::as_str).filter(|url| Some(*url) != default);
        default.into_iter().chain(others).collect()
    }

    /// The RenkuLab that is used when none is named.
    #[must_use]
    pub fn usual(&self) -> Option<&str> {
        let default = self.default.as_deref().filter(|url| self.logins.contains_key(*url));
        default.or_else(|| self.logins.keys().next().map(String::as_str))
    }

    /// The tokens of one.
    #[must_use]
    pub fn get(&self, url: &OriginUrl) -> Option<&Tokens> {
        self.logins.get(url.as_str())
    }
}

/// The logins, while no other process can change them.
pub(super) struct Locked {
    pub(super) logins: Logins,
    file: files::Locked,
}

impl Store {
    /// The store in the user's configuration folder.
    #[must_use]
    pub fn new(configuration: &Path) -> Self {
        Self { file: OwnFile::secret(configuration.join("logins.json")) }
    }

    /// Whether there may be a login.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.file.path().exists()
    }

    /// Reads all logins.
    ///
    /// # Errors
    ///
    /// When the file is damaged, others could read it, or somebody else could have
    /// written it.
    pub fn load(&self) -> Result<Logins, LoginError> {
        self.parse(self.file.read()?)
    }

    fn parse(&self, text: Option<String>) -> Result<Logins, LoginError> {
        let Some(text) = text else { return Ok(Logins::default()) };
        // The place only: what a parser quotes may be a token.
        let logins: Logins = serde_json::from_str(&text).map_err(|error| {
            self.file.malformed(format!("line {}, column {}", error.line(), error.column()))
        })?;
        if logins.version != VERSION {
            return Err(self
                .file
                .malformed(format!("it has the unknown version {}", logins.version))
                .into());
        }
        Ok(logins)
    }

    /// Waits until no other process changes the logins, then reads them.
    pub(super) async fn lock(&self) -> Result<Locked, LoginError> {
        let mut attempt = self.file.try_lock()?;
        let file = loop {
            match attempt {
                Ok(locked) => break locked,
                Err(waiting) if waiting.waited() > PATIENCE => return Err(waiting.busy().into()),
                Err(waiting) => {
                    tokio::time::sleep(PAUSE).await;
                    attempt = waiting.again()?;
                }
            }
        };
        Ok(Locked { logins: self.parse(file.read()?)?, file })
    }
}

impl Locked {
    /// Whether logins can be kept.
    pub(super) fn check(&self) -> Result<(), LoginError> {
        Ok(self.file.check_writable()?)
    }

    /// Keeps the tokens of a new login, and makes this RenkuLab the default.
    pub(super) fn log_in(&mut self, url: &OriginUrl, tokens: Tokens) -> Result<(), LoginError> {
        self.logins.default = Some(url.as_str().to_owned());
        self.replace(url, tokens)
    }

    /// Replaces the tokens of a login.
    pub(super) fn replace(&mut self, url: &OriginUrl, tokens: Tokens) -> Result<(), LoginError> {
        self.logins.logins.insert(url.as_str().to_owned(), tokens);
        self.save()
    }

    /// Forgets a login; its tokens.
    pub(super) fn remove(&mut self, url: &OriginUrl) -> Result<Option<Tokens>, LoginError> {
        let removed = self.logins.logins.remove(url.as_str());
        if removed.is_some() {
            self.save()?;
        }
        Ok(removed)
    }

    fn save(&self) -> Result<(), LoginError> {
        // No file is no login, for one look at the file system.
        if self.logins.logins.is_empty() {
            self.file.remove()?;
            return Ok(());
        }
        // Keys are strings and numbers finite: it cannot fail.
        let text = serde_json::to_string_pretty(&self.logins).unwrap_or_default();
        self.file.write(&text)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::Granted;
    use super::*;
    use crate::domain::Diagnostic as _;

    fn tokens(name: &str) -> Tokens {
        let granted =
            Granted { access_token: name.into(), refresh_token: None, expires_in: Some(60) };
        Tokens::new(granted, 0, String::new(), None)
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn the_last_login_is_the_default_and_each_has_its_own_tokens() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        assert!(!store.exists());
        let (a, b) =
            (OriginUrl::parse("a.example").unwrap(), OriginUrl::parse("b.example").unwrap());
        run(async {
            store.lock().await.unwrap().log_in(&b, tokens("b")).unwrap();
            store.lock().await.unwrap().log_in(&a, tokens("a")).unwrap();
        });
        let logins = store.load().unwrap();
        assert_eq!(logins.urls(), ["https://a.example", "https://b.example"]);
        assert_eq!(logins.get(&b).unwrap().access().expose(), "b");
        run(async { store.lock().await.unwrap().remove(&a).unwrap() }).unwrap();
        assert_eq!(store.load().unwrap().usual(), Some("https://b.example"));
        run(async { store.lock().await.unwrap().remove(&b).unwrap() }).unwrap();
        assert!(!store.exists());
    }

    #[test]
    fn a_damaged_file_is_told_without_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let text = "{\"version\":1,\"logins\":{\"a\":\"t0ken\"}}";
        assert!(store.file.create(text).unwrap());
        let error = store.load().err().unwrap();
        assert_eq!(error.causes(), ["line 1, column 34"]);
        assert!(error.to_string().ends_with("logins.json` is damaged"));
    }
}
