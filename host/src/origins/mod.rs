//! The origins that a user configured, and which provider may use which.

use crate::capabilities::http::{Credential, Origin, OriginUrl, Origins};
use crate::domain::{ErrorKind, ProviderError};
use crate::login::{DEFAULT_URL, Given};

/// The name of the origin that RenkuLab logins belong to.
pub const RENKULAB: &str = "renkulab";

/// The origins of one provider in one command.
pub struct Bound {
    /// The identity of the provider.
    pub provider: String,
    /// Whether it is part of the program.
    pub bundled: bool,
}

impl Origins for Bound {
    fn find(&self, name: &str) -> Result<Origin, ProviderError> {
        if name != RENKULAB {
            return Err(ProviderError::new(
                ErrorKind::NotFound,
                format!("there is no origin `{name}` in your settings"),
            ));
        }
        if !self.bundled {
            return Err(ProviderError::new(
                ErrorKind::Denied,
                format!("provider `{}` may not use the origin `{name}`", self.provider),
            ));
        }
        let convert = |error| ProviderError::from_diagnostic(&error);
        let given = Given::from_environment().map_err(convert)?;
        let url = match given.url {
            Some(url) => url,
            None => OriginUrl::parse(DEFAULT_URL).map_err(convert)?,
        };
        match given.token {
            Some(token) => Ok(Origin { url, credential: Credential::Bearer(token) }),
            None => Err(ProviderError::new(
                ErrorKind::Unauthenticated,
                format!("you are not logged in to `{}`", url.as_str()),
            )
            .with_help("run `renku login`")),
        }
    }
}
