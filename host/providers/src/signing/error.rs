//! What can be wrong with keys and signatures.

use std::path::PathBuf;

use crate::domain::{Advice, Diagnostic, ErrorKind};
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
    #[error("the key `{name}` is already trusted")]
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
    #[error("`{}` already contains a key", path.display())]
    KeyExists { path: PathBuf },
    /// A file of ours cannot be used, or somebody else could have written it.
    #[error(transparent)]
    Own(#[from] FileError),
    /// A file is not what it should be, or cannot be made.
    #[error("`{}` cannot be used", path.display())]
    File { path: PathBuf, reason: String },
}

const GET_IT_AGAIN: &str = "get the file again from a place you trust, and report it to its author; \
    if you made it, run `renku session provider sign` again";

impl Diagnostic for SigningError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Mismatch { .. } => ErrorKind::Denied.hint(GET_IT_AGAIN),
            Self::Malformed { reason, .. } => {
                ErrorKind::InvalidInput.hint(GET_IT_AGAIN).causes([reason])
            }
            Self::PublicKey { .. } => ErrorKind::InvalidInput.hint(
                "give the second line of a `.pub` file, which begins with `RW`, or the path of that file",
            ),
            Self::TrustedAlready { .. } => {
                ErrorKind::Conflict.hint("`renku session provider trust list` shows the keys")
            }
            Self::UnknownKey { known, .. } if known.is_empty() => ErrorKind::NotFound
                .hint("`renku session provider trust add KEY --name NAME` adds one"),
            Self::UnknownKey { known, .. } => {
                let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                ErrorKind::NotFound.hint(format!("trusted keys: {}", names.join(", ")))
            }
            Self::SecretKey { missing: true, reason, .. } => ErrorKind::NotFound
                .hint("`renku session provider sign --new-key` creates one; `--key FILE` names another")
                .causes([reason]),
            Self::SecretKey { reason, .. } | Self::File { reason, .. } => {
                ErrorKind::Other.causes([reason])
            }
            Self::Password { .. } => ErrorKind::Denied.alone(),
            Self::KeyExists { .. } => {
                ErrorKind::Conflict.hint("name another file with `--key FILE`")
            }
            Self::Own(error) => Advice::of(error),
        }
    }
}
