//! Logging in, step by step: the caller gets the instructions for the user, and
//! owns terminal and browser.

use std::time::Duration;

use tokio::time::Instant;

use super::error::LoginError;
use super::oidc::{Confirmation, DeviceCode, Endpoints, Service};
use super::store::Store;
use super::tokens::{Tokens, now};
use crate::http::OriginUrl;

/// What `slow_down` adds (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// How often in a row the service may be out of reach, and how slowly it is asked
/// at last. A user who is typing a password must not have to begin anew.
const TROUBLES: u32 = 5;
const SLOWEST: Duration = Duration::from_secs(60);

/// Seconds that a code is waited for at most, whatever the service says.
const LONGEST: u64 = 60 * 60;

/// A login that waits for its user.
pub struct DeviceLogin {
    renkulab: OriginUrl,
    endpoints: Endpoints,
    code: DeviceCode,
}

impl DeviceLogin {
    /// Asks a RenkuLab for a code.
    ///
    /// # Errors
    ///
    /// When the login could not be kept, when there is no RenkuLab at this place, or
    /// it cannot be reached.
    pub async fn begin(renkulab: OriginUrl, store: &Store) -> Result<Self, LoginError> {
        let renkulab = renkulab.for_secrets()?;
        // Nobody should confirm in vain.
        store.lock().await?.check()?;
        let service = Service { renkulab: &renkulab };
        let endpoints = service.discover().await?;
        let code = service.device_code(&endpoints.device).await?;
        Ok(Self { renkulab, endpoints, code })
    }

    /// Where the user confirms, with the code in it where the service can.
    #[must_use]
    pub fn url(&self) -> &str {
        self.code.verification_uri_complete.as_deref().unwrap_or(&self.code.verification_uri)
    }

    /// The code that the browser shows or asks for.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.code.user_code
    }

    /// Waits until the user has confirmed, then keeps the tokens.
    ///
    /// # Errors
    ///
    /// When the user refuses or does nothing, or the service cannot be reached.
    pub async fn finish(self, store: &Store) -> Result<(), LoginError> {
        let service = Service { renkulab: &self.renkulab };
        let end = Instant::now() + Duration::from_secs(self.code.expires_in.min(LONGEST));
        let mut interval = Duration::from_secs(self.code.interval.clamp(1, 60));
        let mut troubles = 0;
        loop {
            tokio::time::sleep(interval).await;
            if Instant::now() > end {
                return Err(LoginError::CodeExpired);
            }
            let answer = service.confirmed(&self.endpoints.token, &self.code).await;
            troubles = if answer.is_err() { troubles + 1 } else { 0 };
            match answer {
                // The server wants longer pauses (RFC 8628 §3.5).
                Err(error) if error.may_pass() && troubles < TROUBLES => {
                    tracing::info!("checking again whether the login is confirmed: {error}");
                    interval = (interval * 2).min(SLOWEST);
                }
                Err(error) => return Err(error),
                Ok(Confirmation::Pending) => {}
                Ok(Confirmation::SlowDown) => interval += SLOWER,
                Ok(Confirmation::Granted(granted)) => {
                    let Endpoints { token, revocation, .. } = self.endpoints;
                    let tokens = Tokens::new(granted, now(), token, revocation);
                    return store.lock().await?.log_in(&self.renkulab, tokens);
                }
            }
        }
    }
}

/// Forgets a login, at the service too where it can be reached. True when there
/// was one; the error of the service is beside it, because the login is gone all
/// the same.
///
/// # Errors
///
/// When the file of the logins cannot be used.
pub async fn log_out(
    store: &Store,
    renkulab: &OriginUrl,
) -> Result<(bool, Option<LoginError>), LoginError> {
    let removed = store.lock().await?.remove(renkulab)?;
    let Some(tokens) = removed else { return Ok((false, None)) };
    let (Some(endpoint), Some(token)) = (&tokens.revocation_endpoint, tokens.refresh()) else {
        return Ok((true, None));
    };
    let service = Service { renkulab };
    Ok((true, service.revoke(endpoint, &token).await.err()))
}
