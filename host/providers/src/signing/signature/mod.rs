//! Signs the bytes of a provider, and says whose signature they carry.

use std::io::Cursor;
use std::path::Path;

use minisign::SignatureBox;

use super::{SigningError, SigningKey, TrustedKey, TrustedKeys};

/// What is known about who vouches for some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is no signature.
    Unsigned,
    /// There is one, of a key that the user does not trust: nothing is known.
    Untrusted {
        /// The key's number as minisign prints it, 16 hexadecimal digits.
        key_id: String,
    },
    /// The signature fits, and the user trusts its key.
    Signed(TrustedKey),
}

impl Verdict {
    /// The name of the trusted key, for receipts and locks.
    #[must_use]
    pub fn signer(&self) -> Option<&str> {
        match self {
            Self::Signed(key) => Some(&key.name),
            Self::Unsigned | Self::Untrusted { .. } => None,
        }
    }

    /// Who vouches, for the end of a sentence.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Unsigned => "nobody signed it".to_owned(),
            Self::Untrusted { key_id } => {
                format!("it is signed with the key {key_id}, which you do not trust")
            }
            Self::Signed(key) => format!("`{}` signed it", key.name),
        }
    }
}

/// The same as [`verify`] for a provider that is about to be loaded. The keys in
/// the directory of the user's configuration are read only when there is a
/// signature; without that directory none counts. `signer` is who is known to have
/// signed exactly these bytes: they are not hashed for that key again.
///
/// # Errors
///
/// As [`verify`], or when the keys cannot be read.
pub(crate) fn verify_at_load(
    provider: &str,
    bytes: &[u8],
    signature: Option<&str>,
    configuration: Option<&Path>,
    signer: Option<&str>,
) -> Result<Verdict, SigningError> {
    let Some(text) = signature else { return Ok(Verdict::Unsigned) };
    let trusted = configuration.map(TrustedKeys::read).transpose()?.unwrap_or_default();
    let number = parse(provider, text)?.keynum().to_vec();
    match trusted.with_number(&number) {
        Some((key, _)) if signer == Some(&key.name) => Ok(Verdict::Signed(key.clone())),
        _ => verify(provider, bytes, signature, &trusted),
    }
}

fn parse(provider: &str, text: &str) -> Result<SignatureBox, SigningError> {
    SignatureBox::from_string(text).map_err(|error| SigningError::Malformed {
        provider: provider.to_owned(),
        reason: error.to_string(),
    })
}

/// Looks whose signature `bytes` carry. `provider` is how messages name them.
///
/// # Errors
///
/// [`SigningError::Mismatch`] when a trusted key signed other bytes,
/// [`SigningError::Malformed`] when `signature` is none. Such a provider is not
/// to be loaded.
pub fn verify(
    provider: &str,
    bytes: &[u8],
    signature: Option<&str>,
    trusted: &TrustedKeys,
) -> Result<Verdict, SigningError> {
    let Some(text) = signature else { return Ok(Verdict::Unsigned) };
    let signature = parse(provider, text)?;
    let Some((key, public)) = trusted.with_number(signature.keynum()) else {
        return Ok(Verdict::Untrusted { key_id: number(signature.keynum()) });
    };
    // Signatures of files that are not hashed first ("legacy") are not accepted:
    // minisign itself has not made them since 2021.
    minisign::verify(&public, &signature, Cursor::new(bytes), true, false, false).map_err(
        |_| SigningError::Mismatch { provider: provider.to_owned(), signer: key.name.clone() },
    )?;
    Ok(Verdict::Signed(key.clone()))
}

/// The text of a signature of `bytes`. `comment` is signed, too, and shown by
/// minisign; it names the file and its version.
///
/// # Errors
///
/// When the operating system gives no random bytes.
pub fn sign(key: &SigningKey, bytes: &[u8], comment: &str) -> Result<String, SigningError> {
    minisign::sign(None, key.secret(), Cursor::new(bytes), Some(comment), None)
        .map(SignatureBox::into_string)
        .map_err(|error| SigningError::File {
            path: key.path().to_owned(),
            reason: error.to_string(),
        })
}

/// A key's number as minisign prints it.
pub(super) fn number(keynum: &[u8]) -> String {
    keynum.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests;
