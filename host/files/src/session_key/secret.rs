//! Session secrets, and whose sessions are whose: derived, so that nothing is ever
//! stored but one key.
//!
//! A secret is `HMAC-SHA-256(key, provider ‖ 0 ‖ name)` (RFC 2104) with a key that
//! belongs to the user. The provider's name is part of the message, so one provider
//! cannot compute the secrets of another. The owner is
//! `HMAC-SHA-256(key, "owner")`, a message without 0, which no provider can ask for.

use std::path::Path;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::domain::{Advice, Diagnostic, hexadecimal};
use crate::error::{FileError, Reason};
use crate::own_file::OwnFile;

const KEY_BYTES: usize = 32;
/// Hexadecimal digits of an owner: 128 bits, which no two users share.
const OWNER_DIGITS: usize = 32;

/// The user's key. Never printed: it has no `Debug` that shows it.
pub struct SecretKey([u8; KEY_BYTES]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SecretError(#[from] FileError);

impl Diagnostic for SecretError {
    fn advice(&self) -> Advice<'_> {
        let path = self.0.path().display();
        match self.0.reason() {
            // Nobody logs in with it.
            Reason::Exposed => Advice::of(&self.0).hint(format!("run `chmod 600 {path}`")),
            Reason::Malformed(_) | Reason::NotText => Advice::of(&self.0).hint(format!(
                "run `rm {path}`; existing sessions then belong to nobody, and only the engine's \
                 own commands can remove them"
            )),
            _ => Advice::of(&self.0),
        }
    }
}

fn random(file: &Path) -> Result<[u8; KEY_BYTES], FileError> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key)
        .map_err(|error| FileError::unusable(file, std::io::Error::other(error)))?;
    Ok(key)
}

impl SecretKey {
    /// Reads the key from `file`, or makes one (mode 0600, in a directory of
    /// mode 0700) when there is none. Two processes at once get the same key.
    ///
    /// # Errors
    ///
    /// When the file cannot be used or others could read it.
    pub fn load_or_create(file: &Path) -> Result<Self, SecretError> {
        match Self::load(file)? {
            Some(key) => Ok(key),
            None => Self::create(file),
        }
    }

    /// Reads the key from `file`, or invents one that is kept nowhere.
    ///
    /// # Errors
    ///
    /// As [`Self::load_or_create`].
    pub fn load_or_invent(file: &Path) -> Result<Self, SecretError> {
        match Self::load(file)? {
            Some(key) => Ok(key),
            None => Ok(Self(random(file)?)),
        }
    }

    /// Whether there is a key that can be used; makes none.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be used.
    pub fn examine(file: &Path) -> Result<bool, SecretError> {
        Ok(Self::load(file)?.is_some())
    }

    fn load(path: &Path) -> Result<Option<Self>, SecretError> {
        let file = OwnFile::secret(path.to_owned());
        let Some(text) = file.read()? else { return Ok(None) };
        let malformed = || file.malformed("it is not 64 hexadecimal digits".into());
        Ok(Some(Self(decode(text.trim()).ok_or_else(malformed)?)))
    }

    fn create(path: &Path) -> Result<Self, SecretError> {
        let key = random(path)?;
        let text = format!("{}\n", hexadecimal(&key));
        if OwnFile::secret(path.to_owned()).create(&text)? {
            return Ok(Self(key));
        }
        // Somebody else was first.
        let missing = || FileError::unusable(path, rustix::io::Errno::NOENT);
        Ok(Self::load(path)?.ok_or_else(missing)?)
    }

    /// The secret of one session of one provider: 64 hexadecimal digits.
    #[must_use]
    pub fn derive(&self, provider: &str, name: &str) -> String {
        self.authenticate(&[provider.as_bytes(), &[0], name.as_bytes()])
    }

    /// Whose key this is, for labels: everybody may know it, and learns nothing
    /// about the key.
    #[must_use]
    pub fn owner(&self) -> String {
        let mut owner = self.authenticate(&[b"owner"]);
        owner.truncate(OWNER_DIGITS);
        owner
    }

    fn authenticate(&self, message: &[&[u8]]) -> String {
        // RFC 2104 pads the key to one block with zeros; doing so here makes the
        // constructor infallible.
        let mut block = [0u8; 64];
        for (padded, byte) in block.iter_mut().zip(self.0) {
            *padded = byte;
        }
        let mut mac = <Hmac<Sha256> as Mac>::new(&block.into());
        message.iter().for_each(|part| mac.update(part));
        hexadecimal(&mac.finalize().into_bytes())
    }
}

fn decode(text: &str) -> Option<[u8; KEY_BYTES]> {
    let mut key = [0u8; KEY_BYTES];
    if text.len() != KEY_BYTES * 2 {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ErrorKind;

    #[test]
    fn the_same_key_is_found_again_and_secrets_differ_by_provider_and_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("renku/session.key");
        let first = SecretKey::load_or_create(&file).unwrap();
        let second = SecretKey::load_or_create(&file).unwrap();
        let secret = first.derive("docker", "analysis-x7k2p");
        assert_eq!(secret.len(), 64);
        assert_eq!(secret, second.derive("docker", "analysis-x7k2p"));
        assert_ne!(secret, first.derive("docker", "analysis-x7k2q"));
        assert_ne!(secret, first.derive("file:0123456789ab", "analysis-x7k2p"));
        // The separator is part of the message.
        assert_ne!(first.derive("ab", "c"), first.derive("a", "bc"));
    }

    #[test]
    fn a_known_key_gives_the_hmac_of_rfc_2104() {
        let key = SecretKey([0x0b; KEY_BYTES]);
        // Computed with Python's `hmac` module.
        assert_eq!(
            key.derive("docker", "s"),
            "d6cab145844de70f62dafc252b6eb3e308d5b5ca297b70f3fd2d922e9fc56784"
        );
        assert_eq!(key.owner(), "fe8f39949fe071a180325b3b26369181");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("session.key");
        let _ = SecretKey::load_or_create(&file).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = SecretKey::load_or_create(&file).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied);
        assert_eq!(error.hint().unwrap(), format!("run `chmod 600 {}`", file.display()));
    }
}
