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

/// The command that stores a login where [`Logins`](crate::Logins) looks for it; without
/// a registry for the default one.
#[must_use]
pub fn login_command(registry: Option<&str>) -> String {
    match registry {
        Some(registry) => format!("docker login {registry}"),
        None => "docker login".to_owned(),
    }
}
