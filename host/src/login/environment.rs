//! What the environment says about a login. The names are those of `rnk`, so that
//! a script works with both.

use crate::capabilities::http::{OriginUrl, OriginUrlError};
use crate::domain::Secret;

/// `RENKU_CLI_RENKU_URL` and `RENKU_CLI_ACCESS_TOKEN`.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The RenkuLab.
    pub url: Option<OriginUrl>,
    /// A token for it.
    pub token: Option<Secret>,
}

impl Given {
    /// Reads them; an empty value is none.
    ///
    /// # Errors
    ///
    /// When the URL is no place for a token.
    pub fn from_environment() -> Result<Self, OriginUrlError> {
        let variable =
            |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let url = variable("RENKU_CLI_RENKU_URL")
            .map(|text| OriginUrl::parse(&text)?.for_secrets())
            .transpose()?;
        let token = variable("RENKU_CLI_ACCESS_TOKEN").map(|token| Secret::new(token.trim()));
        Ok(Self { url, token })
    }
}
