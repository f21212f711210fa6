//! What a user has for registries, and how it is shown to them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;

use crate::domain::Secret;
use crate::login::Login;
use crate::web::http::{CertificateError, Certificates};

/// `Basic …` (RFC 7617).
pub(super) fn basic(user: &str, password: &Secret) -> Secret {
    let pair = STANDARD.encode(format!("{user}:{}", password.expose()));
    Secret::new(format!("Basic {pair}"))
}

/// Who knows what the user has for registries.
pub trait Logins: Send + Sync {
    /// The login for a repository of a registry's host (with port), if there is one.
    fn login<'a>(&'a self, host: &'a str, repository: &'a str) -> BoxFuture<'a, Option<Login>>;

    /// The certificates for a registry's host (with port), if there are any.
    ///
    /// # Errors
    ///
    /// When those that are there cannot be used.
    fn certificates(&self, host: &str) -> Result<Option<Certificates>, CertificateError> {
        let _ = host;
        Ok(None)
    }
}
