//! Signs the bytes of a provider, and says whose signature they carry.

use std::io::Cursor;
use std::path::Path;

use minisign::SignatureBox;

use super::number::number;
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
    let trusted = configuration.map_or_else(|| Ok(TrustedKeys::none()), TrustedKeys::read)?;
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

/// The same as [`verify`] for all signatures that lie beside some bytes: one of a
/// trusted key counts, that of `preferred` before others. Gives the one that counted.
///
/// # Errors
///
/// As [`verify`], when none of a trusted key fits and one is wrong.
pub fn verify_all(
    provider: &str,
    bytes: &[u8],
    signatures: Vec<String>,
    trusted: &TrustedKeys,
    preferred: Option<&str>,
) -> Result<(Verdict, Option<String>), SigningError> {
    let mut best = (Verdict::Unsigned, None);
    let mut problem = None;
    for text in signatures {
        match verify(provider, bytes, Some(&text), trusted) {
            Ok(verdict) if worth(&verdict, preferred) > worth(&best.0, preferred) => {
                best = (verdict, Some(text));
            }
            Ok(_) => {}
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    match (problem, &best.0) {
        (Some(problem), Verdict::Unsigned | Verdict::Untrusted { .. }) => Err(problem),
        _ => Ok(best),
    }
}

/// How much a signature says.
fn worth(verdict: &Verdict, preferred: Option<&str>) -> u8 {
    match verdict {
        Verdict::Unsigned => 0,
        Verdict::Untrusted { .. } => 1,
        Verdict::Signed(key) if Some(key.name.as_str()) != preferred => 2,
        Verdict::Signed(_) => 3,
    }
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

#[cfg(test)]
mod tests;
