//! A login in use: its tokens, refreshed before they end.
//!
//! Refresh tokens rotate: the one that was used is of no use any more. So only
//! one process refreshes, and whoever waited for it takes what it got.

use futures_util::future::BoxFuture;

use super::error::LoginError;
use super::oidc::Service;
use super::store::Store;
use super::tokens::{Tokens, now};
use crate::domain::{ProviderError, Secret};
use crate::http::{Login, OriginUrl};

/// The login to one RenkuLab.
#[derive(Clone)]
pub struct Session {
    store: Store,
    renkulab: OriginUrl,
}

impl Session {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(store: Store, renkulab: OriginUrl) -> Self {
        Self { store, renkulab }
    }

    /// Tokens that are valid now.
    ///
    /// # Errors
    ///
    /// `NotLoggedIn` or `Ended` when the user must log in.
    pub async fn tokens(&self) -> Result<Tokens, LoginError> {
        let tokens = self.known(self.store.load()?.get(&self.renkulab))?;
        if !tokens.wants_refresh(now()) {
            return self.valid(tokens);
        }
        // A task of its own: when our caller gives up in between, the rotated
        // token must still be written down.
        let this = self.clone();
        tokio::spawn(async move { this.refresh().await }).await.unwrap_or(Err(LoginError::Busy))
    }

    async fn refresh(&self) -> Result<Tokens, LoginError> {
        let mut locked = self.store.lock().await?;
        // Somebody else may have been here while we waited.
        let tokens = self.known(locked.logins.get(&self.renkulab))?;
        let Some(refresh) = tokens.refresh().filter(|_| tokens.wants_refresh(now())) else {
            return self.valid(tokens);
        };
        tracing::debug!("refreshing the login to `{}`", self.renkulab.as_str());
        let service = Service { renkulab: &self.renkulab };
        match service.refresh(&tokens.token_endpoint, &refresh).await {
            Ok(granted) => {
                let tokens = tokens.refreshed(granted, now());
                locked.replace(&self.renkulab, tokens.clone())?;
                Ok(tokens)
            }
            Err(error @ LoginError::Ended { .. }) => {
                let tokens = tokens.without_refresh();
                locked.replace(&self.renkulab, tokens.clone())?;
                if tokens.is_valid(now()) { Ok(tokens) } else { Err(error) }
            }
            // The service is away; what we have may do for a while.
            Err(error) if tokens.is_valid(now()) => {
                tracing::info!("the login could not be refreshed: {error}");
                Ok(tokens)
            }
            Err(error) => Err(error),
        }
    }

    fn known(&self, tokens: Option<&Tokens>) -> Result<Tokens, LoginError> {
        let url = || self.renkulab.as_str().to_owned();
        tokens.cloned().ok_or_else(|| LoginError::NotLoggedIn { url: url() })
    }

    fn valid(&self, tokens: Tokens) -> Result<Tokens, LoginError> {
        match tokens.is_valid(now()) {
            true => Ok(tokens),
            false => Err(LoginError::Ended { url: self.renkulab.as_str().to_owned() }),
        }
    }
}

fn convert(error: LoginError) -> ProviderError {
    ProviderError::from_diagnostic(&error)
}

impl Login for Session {
    fn access_token(&self) -> BoxFuture<'_, Result<Secret, ProviderError>> {
        Box::pin(async { Ok(self.tokens().await.map_err(convert)?.access()) })
    }

    fn refresh_token(&self) -> BoxFuture<'_, Result<Option<Secret>, ProviderError>> {
        Box::pin(async { Ok(self.tokens().await.map_err(convert)?.refresh()) })
    }
}
