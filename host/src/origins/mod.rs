//! The origins that a user configured: where, with which credential, and for which
//! providers. A provider only ever says a name.

mod bound;
mod error;
mod kind;
mod store;

pub use bound::Bound;
pub use error::OriginsError;
pub use kind::{CredentialKind, StoredCredential};
pub use store::{Entry, Store};

/// The origin that logins to RenkuLabs belong to.
pub const RENKULAB: &str = "renkulab";

/// Checks the name of an origin.
///
/// # Errors
///
/// `Name` when it could not be typed.
pub fn check_name(name: &str) -> Result<(), OriginsError> {
    let valid = name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    if valid { Ok(()) } else { Err(OriginsError::Name { name: name.to_owned() }) }
}
