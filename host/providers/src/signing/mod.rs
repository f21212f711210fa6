//! Signatures of providers, in the format of minisign
//! (<https://jedisct1.github.io/minisign/>): whoever has that program can check
//! what we sign, and sign what we check.
//!
//! A signature says who vouches for the bytes; it grants nothing. Which keys
//! count is the user's own list ([`TrustedKeys`]), never what a provider or a
//! project says.

use std::path::{Path, PathBuf};

mod error;
mod key;
mod number;
mod signature;
mod trust;

pub use error::SigningError;
pub use key::{SigningKey, new_key};
pub(super) use signature::verify_at_load;
pub use signature::{Verdict, sign, verify, verify_all};
pub use trust::{TrustedKey, TrustedKeys};

/// What is appended to the name of a provider's file for that of its signature.
pub const SUFFIX: &str = ".minisig";

/// The path of the signature that belongs to a file.
#[must_use]
pub fn beside(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(SUFFIX);
    path.into()
}
