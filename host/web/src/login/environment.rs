//! What the environment says about a login. The names are those of `rnk`, so that
//! a script works with both.

use futures_util::future::BoxFuture;

use super::error::LoginError;
use super::tokens::{expiry, now};
use crate::domain::{ProviderError, Secret};
use crate::http::{Login, OriginUrl};

/// The RenkuLab of who names none.
pub const DEFAULT_URL: &str = "https://renkulab.io";

/// `RENKU_CLI_RENKU_URL` and `RENKU_CLI_ACCESS_TOKEN`.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub url: Option<OriginUrl>,
    pub token: Option<Secret>,
}

impl Given {
    /// Reads them; an empty value is none.
    ///
    /// # Errors
    ///
    /// When the URL is no place for a token.
    pub fn from_environment() -> Result<Self, LoginError> {
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, LoginError> {
        let variable = |name| variable(name).filter(|value| !value.trim().is_empty());
        let url = variable("RENKU_CLI_RENKU_URL");
        let url = url.map(|text| OriginUrl::parse(&text)?.for_secrets()).transpose()?;
        let token = variable("RENKU_CLI_ACCESS_TOKEN").map(|token| Secret::new(token.trim()));
        Ok(Self { url, token })
    }

    /// What of it is about this RenkuLab: a token without a URL is for the
    /// default one, and goes nowhere else.
    #[must_use]
    pub fn only_for(&self, renkulab: &OriginUrl) -> Self {
        let meant = self.url.as_ref().map_or(DEFAULT_URL, OriginUrl::as_str);
        let token = self.token.clone().filter(|_| meant == renkulab.as_str());
        Self { url: self.url.clone(), token }
    }
}

/// The token of the environment. It has no refresh token.
pub(super) struct GivenToken(pub(super) Secret);

impl GivenToken {
    fn valid(&self) -> Result<Secret, LoginError> {
        // A RenkuLab takes an expired token for nobody's and answers all the same.
        match expiry(self.0.expose()) {
            Some(end) if end <= now() => Err(LoginError::TokenExpired),
            _ => Ok(self.0.clone()),
        }
    }
}

impl Login for GivenToken {
    fn access_token(&self) -> BoxFuture<'_, Result<Secret, ProviderError>> {
        let token = self.valid().map_err(|error| ProviderError::from_diagnostic(&error));
        Box::pin(async { token })
    }

    fn refresh_token(&self) -> BoxFuture<'_, Result<Option<Secret>, ProviderError>> {
        Box::pin(async { Ok(None) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Result<Given, LoginError> {
        Given::read(|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn empty_values_are_none_and_blanks_are_no_part_of_a_token() {
        let none = given(&[("RENKU_CLI_RENKU_URL", ""), ("RENKU_CLI_ACCESS_TOKEN", " ")]).unwrap();
        assert!(none.url.is_none() && none.token.is_none());
        let some = given(&[("RENKU_CLI_ACCESS_TOKEN", " abc\n")]).unwrap();
        assert_eq!(some.token.unwrap().expose(), "abc");
    }

    #[test]
    fn a_token_is_not_sent_unencrypted() {
        assert!(given(&[("RENKU_CLI_RENKU_URL", "http://renkulab.example")]).is_err());
    }

    #[test]
    fn a_token_goes_to_the_place_it_is_for() {
        let at = |url: &str| OriginUrl::parse(url).unwrap();
        let given = given(&[("RENKU_CLI_ACCESS_TOKEN", "abc")]).unwrap();
        assert!(given.only_for(&at(DEFAULT_URL)).token.is_some());
        assert!(given.only_for(&at("evil.example")).token.is_none());
    }

    #[test]
    fn an_expired_token_is_named_before_it_is_sent() {
        // {"exp":1700000000}
        let token = GivenToken(Secret::new("e30.eyJleHAiOjE3MDAwMDAwMDB9.c2ln"));
        assert!(matches!(token.valid(), Err(LoginError::TokenExpired)));
        assert!(GivenToken(Secret::new("opaque")).valid().is_ok());
    }
}
