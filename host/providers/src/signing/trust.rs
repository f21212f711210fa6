//! The public keys that the user trusts: `trusted-keys.toml` in the directory of
//! their configuration.

use std::path::{Path, PathBuf};

use minisign::{PublicKey, PublicKeyBox};
use serde::{Deserialize, Serialize};

use super::SigningError;
use super::number::number;
use crate::files::OwnFile;

/// A key, and what the user calls its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedKey {
    /// What the user calls it; one word.
    pub name: String,
    /// The public key: base64, begins with `RW`.
    pub key: String,
}

#[derive(Debug, Clone)]
pub struct TrustedKeys {
    file: OwnFile,
    keys: Vec<TrustedKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    #[serde(default)]
    key: Vec<TrustedKey>,
}

impl TrustedKeys {
    /// Reads the list in the directory of the user's configuration; empty when
    /// there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read: then nothing may count as trusted or unsigned.
    pub fn read(configuration: &Path) -> Result<Self, SigningError> {
        let file = OwnFile::private(configuration.join("trusted-keys.toml"));
        let keys = parse_all(&file, file.read()?)?;
        Ok(Self { file, keys })
    }

    /// No keys, of a user without a home.
    pub(super) fn none() -> Self {
        Self { file: OwnFile::private(PathBuf::new()), keys: Vec::new() }
    }

    /// The keys, in the order they were added.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }

    /// Trusts a key: its text, or the content of a `.pub` file.
    ///
    /// # Errors
    ///
    /// When it is no key, or name or key are in the list.
    pub fn add(&mut self, name: &str, text: &str) -> Result<TrustedKey, SigningError> {
        let added = TrustedKey { name: name.to_owned(), key: parse(text)?.to_base64() };
        self.change(|keys| {
            let same = |known: &&TrustedKey| known.name == added.name || known.key == added.key;
            if let Some(known) = keys.iter().find(same) {
                return Err(SigningError::TrustedAlready { name: known.name.clone() });
            }
            keys.push(added.clone());
            Ok(added)
        })
    }

    /// Trusts a key no more: by name, or by the key itself.
    ///
    /// # Errors
    ///
    /// When it is not in the list.
    pub fn remove(&mut self, name: &str) -> Result<TrustedKey, SigningError> {
        self.change(|keys| {
            let Some(place) = keys.iter().position(|key| key.name == name || key.key == name)
            else {
                let known = keys.iter().map(|key| key.name.clone()).collect();
                return Err(SigningError::UnknownKey { name: name.to_owned(), known });
            };
            Ok(keys.remove(place))
        })
    }

    /// The list with one more key, which no file keeps; what is no key is left out.
    #[must_use]
    pub fn and(mut self, name: &str, text: &str) -> Self {
        let key = parse(text).map(|key| TrustedKey { name: name.to_owned(), key: key.to_base64() });
        self.keys.extend(key);
        self
    }

    /// The key with this number, ready to check a signature.
    pub(super) fn with_number(&self, keynum: &[u8]) -> Option<(&TrustedKey, PublicKey)> {
        self.keys.iter().find_map(|key| {
            let public = parse(&key.key).ok()?;
            (public.keynum() == keynum).then_some((key, public))
        })
    }

    /// Changes what is on the disk now, which another program may have written.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Vec<TrustedKey>) -> Result<T, SigningError>,
    ) -> Result<T, SigningError> {
        let locked = self.file.lock()?;
        let mut keys = parse_all(&self.file, locked.read()?)?;
        let result = change(&mut keys)?;
        let stored = Stored { version: 1, key: keys };
        let text = toml::to_string(&stored);
        locked.write(&text.map_err(|error| self.file.malformed(error.to_string()))?)?;
        self.keys = stored.key;
        Ok(result)
    }
}

fn parse_all(file: &OwnFile, text: Option<String>) -> Result<Vec<TrustedKey>, SigningError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let broken = |reason: String| SigningError::File { path: file.path().to_owned(), reason };
    let stored: Stored = toml::from_str(&text).map_err(|error| broken(error.to_string()))?;
    if stored.version != 1 {
        return Err(broken(format!(
            "it has format {}, and only format 1 is supported",
            stored.version
        )));
    }
    for key in &stored.key {
        parse(&key.key)?;
    }
    Ok(stored.key)
}

impl TrustedKey {
    /// The key's number as minisign prints it.
    #[must_use]
    pub fn id(&self) -> String {
        parse(&self.key).map(|key| number(key.keynum())).unwrap_or_default()
    }
}

/// A public key from its base64 text, or from a file with a comment above it.
fn parse(text: &str) -> Result<PublicKey, SigningError> {
    let text = text.trim();
    let key = match PublicKey::from_base64(text) {
        Ok(key) => Ok(key),
        Err(_) => PublicKeyBox::from_string(text).and_then(PublicKeyBox::into_public_key),
    };
    key.map_err(|_| SigningError::PublicKey {
        text: text.lines().last().unwrap_or_default().to_owned(),
    })
}
