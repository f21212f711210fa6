//! The origins that a user configured: where, with which credential, and for which
//! providers. A provider only ever says a name.

use crate::domain::is_origin_name;

mod bound;
mod error;
mod kind;
mod store;

pub use bound::Bound;
pub use error::OriginsError;
pub use kind::{CredentialKind, StoredCredential};
pub use store::{Store, StoredOrigin};

/// The origin that logins to RenkuLabs belong to.
pub const RENKULAB: &str = "renkulab";

/// Checks the name of an origin.
///
/// # Errors
///
/// `Name` when it could not be typed.
pub fn check_name(name: &str) -> Result<(), OriginsError> {
    if is_origin_name(name) { Ok(()) } else { Err(OriginsError::Name { name: name.to_owned() }) }
}
