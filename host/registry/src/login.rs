//! A login for a registry.

use crate::domain::Secret;

/// A login as it is shown to a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A name and a password.
    Password { user: String, password: Secret },
    /// What a registry gave for them, to be exchanged for tokens.
    IdentityToken(Secret),
    /// A token that is shown as it is.
    Bearer(Secret),
}
