//! The kinds of credentials, as they are kept.

use std::fmt;

use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::error::OriginsError;
use crate::domain::Secret;

/// What is sent to an origin.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StoredCredential {
    None,
    /// A bearer token.
    Bearer {
        secret: String,
    },
    /// A user and a password.
    Basic {
        user: String,
        secret: String,
    },
    /// A header of the service's own.
    Header {
        name: String,
        secret: String,
    },
    /// The login to the RenkuLab at this URL.
    Renku,
}

/// Which credential is meant, before its secret is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CredentialKind {
    /// Nothing is sent.
    #[default]
    None,
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic` for this user.
    Basic(String),
    /// A header of this name.
    Header(String),
    /// The login to a RenkuLab.
    Renku,
}

impl StoredCredential {
    /// Its kind, without the secret.
    #[must_use]
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::None => CredentialKind::None,
            Self::Bearer { .. } => CredentialKind::Bearer,
            Self::Basic { user, .. } => CredentialKind::Basic(user.clone()),
            Self::Header { name, .. } => CredentialKind::Header(name.clone()),
            Self::Renku => CredentialKind::Renku,
        }
    }
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("none"),
            Self::Bearer => formatter.write_str("bearer"),
            Self::Basic(user) => write!(formatter, "basic:{user}"),
            Self::Header(name) => write!(formatter, "header:{name}"),
            Self::Renku => formatter.write_str("renku"),
        }
    }
}

impl std::str::FromStr for CredentialKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == "bearer" => Ok(Self::Bearer),
            None if text == "renku" => Ok(Self::Renku),
            Some(("basic", user)) if !user.is_empty() && !user.contains(':') => {
                Ok(Self::Basic(user.to_owned()))
            }
            Some(("header", name)) if may_carry(name) => Ok(Self::Header(name.to_lowercase())),
            _ => Err("write none, bearer, basic:USER, header:NAME or renku".to_owned()),
        }
    }
}

/// Whether a header may carry a credential: not one that decides where a request
/// goes or how it is read.
fn may_carry(name: &str) -> bool {
    const NOT: [&str; 7] = [
        "connection",
        "content-length",
        "content-type",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    HeaderName::from_bytes(name.as_bytes()).is_ok_and(|name| !NOT.contains(&name.as_str()))
}

impl CredentialKind {
    /// Whether a secret has to be asked for.
    #[must_use]
    pub fn wants_secret(&self) -> bool {
        !matches!(self, Self::None | Self::Renku)
    }

    /// The credential with its secret.
    ///
    /// # Errors
    ///
    /// When the secret is empty, or no header could hold it.
    pub fn with(self, secret: &Secret) -> Result<StoredCredential, OriginsError> {
        let secret = secret.expose().to_owned();
        let wrong = |reason: &str| OriginsError::Credential {
            reason: reason.to_owned(),
            example: "give it without line breaks; `--secret-stdin` reads one line",
        };
        if self.wants_secret() {
            if secret.is_empty() {
                return Err(wrong("the secret is empty"));
            }
            let basic = matches!(self, Self::Basic(_));
            if !basic && HeaderValue::from_str(&secret).is_err() {
                return Err(wrong(
                    "the secret contains a character that is not allowed in headers",
                ));
            }
        }
        Ok(match self {
            Self::None => StoredCredential::None,
            Self::Bearer => StoredCredential::Bearer { secret },
            Self::Basic(user) => StoredCredential::Basic { user, secret },
            Self::Header(name) => StoredCredential::Header { name, secret },
            Self::Renku => StoredCredential::Renku,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_typed_as_they_are_shown() {
        for text in ["none", "bearer", "basic:jane", "header:private-token", "renku"] {
            assert_eq!(text.parse::<CredentialKind>().unwrap().to_string(), text);
        }
        for text in ["", "basic", "basic:", "basic:a:b", "header", "header:a b", "header:Host", "x"]
        {
            assert!(text.parse::<CredentialKind>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_secret_that_would_be_two_headers_is_refused() {
        let kind = || CredentialKind::Header("x-token".into());
        assert!(kind().with(&Secret::new("a\r\nHost: b")).is_err());
        assert!(kind().with(&Secret::new("")).is_err());
        assert!(kind().with(&Secret::new("a b")).is_ok());
        assert!(CredentialKind::None.with(&Secret::new("")).is_ok());
    }
}
