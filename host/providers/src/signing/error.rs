//! What can be wrong with keys and signatures.

use std::path::PathBuf;

use crate::domain::{Diagnostic, ErrorKind};
use crate::files::FileError;

/// A key or a signature that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// It does not fit the bytes.
    #[error("the signature of `{provider}` is wrong: it was changed after `{signer}` signed it")]
    Mismatch {
        /// Whose signature it is.
        provider: String,
        /// The name of the trusted key.
        signer: String,
    },
    /// It is no signature at all.
    #[error("the signature of `{provider}` cannot be read")]
    Malformed {
        /// Whose signature it is.
        provider: String,
        reason: String,
    },
    /// A public key that is none.
    #[error("`{text}` is not a public key")]
    PublicKey {
        /// What was given.
        text: String,
    },
    /// Two keys of one name, or one key twice.
    #[error("the key `{name}` is trusted already")]
    TrustedAlready { name: String },
    /// No such key in the list.
    #[error("no trusted key is called `{name}`")]
    UnknownKey {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A secret key that cannot be used.
    #[error("the secret key `{}` cannot be used", path.display())]
    SecretKey {
        path: PathBuf,
        reason: String,
        /// Whether there is no such file.
        missing: bool,
    },
    /// The password of a secret key is wrong.
    #[error("the password of the secret key `{}` is wrong", path.display())]
    Password { path: PathBuf },
    /// A key would be overwritten.
    #[error("there is a key in `{}` already", path.display())]
    KeyExists { path: PathBuf },
    /// A file of ours cannot be used, or somebody else could have written it.
    #[error(transparent)]
    Own(#[from] FileError),
    /// A file is not what it should be, or cannot be made.
    #[error("`{}` cannot be used", path.display())]
    File { path: PathBuf, reason: String },
}

impl Diagnostic for SigningError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Mismatch { .. } | Self::Password { .. } => ErrorKind::Denied,
            Self::Own(error) => error.kind(),
            Self::Malformed { .. } | Self::PublicKey { .. } => ErrorKind::InvalidInput,
            Self::TrustedAlready { .. } | Self::KeyExists { .. } => ErrorKind::Conflict,
            Self::UnknownKey { .. } | Self::SecretKey { missing: true, .. } => ErrorKind::NotFound,
            Self::SecretKey { .. } | Self::File { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Mismatch { .. } | Self::Malformed { .. } => Some(
                "get the file again from a place you trust, and tell its author; if you made it, \
                 run `renku session provider sign` again"
                    .into(),
            ),
            Self::PublicKey { .. } => Some(
                "give the second line of a `.pub` file, which begins with `RW`, or the path of that file"
                    .into(),
            ),
            Self::TrustedAlready { .. } => {
                Some("`renku session provider trust list` shows the keys".into())
            }
            Self::UnknownKey { known, .. } if known.is_empty() => {
                Some("`renku session provider trust add KEY --name NAME` adds one".into())
            }
            Self::UnknownKey { known, .. } => Some(format!(
                "trusted keys: {}",
                known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            )),
            Self::SecretKey { missing: true, .. } => Some(
                "`renku session provider sign --new-key` makes one; `--key FILE` names another".into(),
            ),
            Self::Own(error) => error.hint(),
            Self::KeyExists { .. } => Some("name another file with `--key FILE`".into()),
            Self::SecretKey { .. } | Self::Password { .. } | Self::File { .. } => None,
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Malformed { reason, .. }
            | Self::SecretKey { reason, .. }
            | Self::File { reason, .. } => vec![reason.clone()],
            Self::Own(error) => error.causes(),
            _ => Vec::new(),
        }
    }
}
