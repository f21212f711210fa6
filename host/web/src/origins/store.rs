//! The origins of a user: one file of mode 0600, with the secrets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::OriginsError;
use super::kind::StoredCredential;
use crate::domain::Identity;
use crate::files::OwnFile;

/// The version of the file's format.
const VERSION: u8 = 1;

/// Where origins are kept.
#[derive(Debug, Clone)]
pub struct Store {
    file: OwnFile,
}

/// One origin as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredOrigin {
    /// Its base URL.
    pub url: String,
    /// What is sent there.
    pub credential: StoredCredential,
    /// The identities of the providers that may use it.
    #[serde(default)]
    pub providers: BTreeSet<String>,
    /// Headers of providers that may pass there, beyond the usual ones.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub headers: BTreeSet<String>,
}

impl StoredOrigin {
    /// Whether a provider may use it.
    #[must_use]
    pub fn is_for(&self, provider: &Identity) -> bool {
        self.providers.contains(&provider.label())
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u8,
    #[serde(default)]
    origins: BTreeMap<String, StoredOrigin>,
}

impl Store {
    /// The store in the user's configuration folder.
    #[must_use]
    pub fn new(configuration: &Path) -> Self {
        Self { file: OwnFile::secret(configuration.join("origins.json")) }
    }

    /// All origins by name.
    ///
    /// # Errors
    ///
    /// When the file is damaged, others could read it, or somebody else could have
    /// written it.
    pub fn load(&self) -> Result<BTreeMap<String, StoredOrigin>, OriginsError> {
        self.parse(self.file.read()?)
    }

    fn parse(&self, text: Option<String>) -> Result<BTreeMap<String, StoredOrigin>, OriginsError> {
        let Some(text) = text else { return Ok(BTreeMap::new()) };
        // The place only: what a parser quotes may be a secret.
        let file: File = serde_json::from_str(&text).map_err(|error| {
            self.file.malformed(format!("line {}, column {}", error.line(), error.column()))
        })?;
        if file.version != VERSION {
            return Err(self
                .file
                .malformed(format!("it has the unknown version {}", file.version))
                .into());
        }
        Ok(file.origins)
    }

    /// Changes the origins; two processes at once do it one after the other, each
    /// with what the one before has written. An error changes nothing.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written; those of `change`.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, StoredOrigin>) -> Result<T, OriginsError>,
    ) -> Result<T, OriginsError> {
        let locked = self.file.lock()?;
        let mut origins = self.parse(locked.read()?)?;
        let result = change(&mut origins)?;
        let text = serde_json::to_string_pretty(&File { version: VERSION, origins });
        locked.write(&text.unwrap_or_default())?;
        Ok(result)
    }
}
