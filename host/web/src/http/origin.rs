//! A place that the user configured, and what is sent there to be let in.

use std::net::IpAddr;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, HeaderName};
use url::{Host, Url};

use super::{address, headers};
use crate::domain::{Advice, Diagnostic, ErrorKind, ProviderError, Secret, is_loopback_host};

/// What the gateway of a RenkuLab passes on to the services behind it.
pub(super) const REFRESH: HeaderName = HeaderName::from_static("renku-auth-refresh-token");

/// The base URL of an origin: `https`, or `http` where nothing secret is sent
/// over a network. Never with credentials, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginUrl(Url);

/// Why a text is not the URL of an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginUrlError {
    /// It is no URL of the web.
    #[error("`{text}` is not a web address")]
    NotAUrl {
        /// What was given.
        text: String,
    },
    /// It holds credentials.
    #[error("the URL holds a user name or password")]
    Credentials,
    /// It holds a query or a fragment.
    #[error("`{text}` has a query or a fragment")]
    Rest {
        /// What was given.
        text: String,
    },
    /// It leads where no connection is made.
    #[error("no connection is made to `{host}`: {reason}")]
    Address { host: String, reason: &'static str },
    /// It is not encrypted.
    #[error("`{url}` is not encrypted, and a secret would be sent there")]
    Plain {
        /// What was given.
        url: String,
    },
}

impl Diagnostic for OriginUrlError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NotAUrl { .. } => {
                ErrorKind::InvalidInput.hint("write it as `https://renkulab.io`")
            }
            Self::Credentials => ErrorKind::InvalidInput
                .hint("leave them out; you are asked for the secret separately"),
            Self::Rest { .. } => {
                ErrorKind::InvalidInput.hint("leave out what begins with `?` or `#`")
            }
            Self::Address { .. } => ErrorKind::Denied.alone(),
            Self::Plain { .. } => ErrorKind::InvalidInput.hint(
                "use `https`; plain `http` works for this computer (`http://127.0.0.1`) only",
            ),
        }
    }
}

impl OriginUrl {
    /// Reads a URL as a user types it; `renkulab.io` is `https://renkulab.io`.
    ///
    /// # Errors
    ///
    /// When it is no URL of the web, holds more than scheme, host, port and path,
    /// or is an address where no connection is ever made.
    pub fn parse(text: &str) -> Result<Self, OriginUrlError> {
        let text = text.trim();
        let not_a_url = || OriginUrlError::NotAUrl { text: text.into() };
        let mut url = match text.contains("://") {
            true => Url::parse(text),
            false => Url::parse(&format!("https://{text}")),
        }
        .map_err(|_| not_a_url())?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(not_a_url());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OriginUrlError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(OriginUrlError::Rest { text: text.into() });
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let this = Self(url);
        if let Some(address) = this.address()
            && let Some(reason) = address::refusal(address, this.is_loopback())
        {
            return Err(OriginUrlError::Address { host: this.host().into(), reason });
        }
        Ok(this)
    }

    /// This URL, when a secret may be sent there.
    ///
    /// # Errors
    ///
    /// `Plain` when others could read it on the way.
    pub fn for_secrets(self) -> Result<Self, OriginUrlError> {
        if self.is_plain() && !self.is_loopback() {
            return Err(OriginUrlError::Plain { url: self.as_str().into() });
        }
        Ok(self)
    }

    /// The URL, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether it is not encrypted.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Whether its user typed that it is this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(self.host())
    }

    pub(super) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    fn address(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
        }
    }
}

/// What lets us in.
#[derive(Clone)]
pub enum Credential {
    None,
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Secret),
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        user: String,
        password: Secret,
    },
    /// A header of the service's own.
    Header {
        name: HeaderName,
        value: Secret,
    },
    /// The tokens of a login to a RenkuLab.
    Login(Arc<dyn Login>),
}

/// Gives the tokens of a login, fresh ones.
pub trait Login: Send + Sync {
    /// A token that is valid now.
    ///
    /// # Errors
    ///
    /// `unauthenticated` when there is none and the user must log in.
    fn access_token(&self) -> BoxFuture<'_, Result<Secret, ProviderError>>;

    /// The refresh token, when there is one.
    ///
    /// # Errors
    ///
    /// As [`Self::access_token`].
    fn refresh_token(&self) -> BoxFuture<'_, Result<Option<Secret>, ProviderError>>;
}

/// A place and its credential.
#[derive(Clone)]
pub struct Origin {
    /// Its name in the user's settings, when it has one.
    pub name: Option<String>,
    pub url: OriginUrl,
    /// What lets us in.
    pub credential: Credential,
    /// Headers of a provider that its user lets pass, beyond the usual ones.
    pub headers: Vec<HeaderName>,
}

impl Origin {
    /// A place that lets pass what every origin does.
    #[must_use]
    pub fn new(url: OriginUrl, credential: Credential) -> Self {
        Self { name: None, url, credential, headers: Vec::new() }
    }

    /// The same, where these headers of a provider pass, too. What nobody may let
    /// pass is left out.
    #[must_use]
    pub fn allowing<'a>(self, names: impl IntoIterator<Item = &'a String>) -> Self {
        let headers = names.into_iter().filter_map(|name| headers::allowable(name).ok()).collect();
        Self { headers, ..self }
    }
}

impl Credential {
    /// The header that carries it and is no usual one.
    pub(super) fn header(&self) -> Option<&HeaderName> {
        match self {
            Self::Header { name, .. } => Some(name),
            _ => None,
        }
    }

    /// All headers that let us in, with `refresh` that of the refresh token too.
    pub(super) fn headers(&self, refresh: bool) -> Vec<HeaderName> {
        match self {
            Self::None => Vec::new(),
            Self::Header { name, .. } => vec![name.clone()],
            Self::Login(_) if refresh => vec![AUTHORIZATION, REFRESH],
            Self::Bearer(_) | Self::Basic { .. } | Self::Login(_) => vec![AUTHORIZATION],
        }
    }
}

/// Finds the origins of one provider.
pub trait Origins: Send + Sync {
    /// The origin of this name.
    ///
    /// # Errors
    ///
    /// `not-found` when the user configured none, `denied` when this provider may
    /// not use it, `unauthenticated` when it needs a login first.
    fn find(&self, name: &str) -> Result<Origin, ProviderError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, String> {
        OriginUrl::parse(text).map(|url| url.as_str().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_is_read_as_it_is_typed() {
        assert_eq!(parsed("renkulab.io").unwrap(), "https://renkulab.io");
        assert_eq!(parsed(" https://RenkuLab.io/ ").unwrap(), "https://renkulab.io");
        assert_eq!(parsed("https://a.example:8443/b/c/").unwrap(), "https://a.example:8443/b/c");
        assert_eq!(parsed("http://[::1]:80/x").unwrap(), "http://[::1]/x");
        assert_eq!(parsed("https://10.0.0.7").unwrap(), "https://10.0.0.7");
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for (text, error) in [
            ("ftp://a.example", "`ftp://a.example` is not a web address"),
            ("https://", "`https://` is not a web address"),
            ("", "`` is not a web address"),
            ("https://me:secret@a.example", "the URL holds a user name or password"),
            ("https://a.example/?b", "`https://a.example/?b` has a query or a fragment"),
            (
                "http://169.254.169.254",
                "no connection is made to `169.254.169.254`: it is link-local",
            ),
            ("http://2852039166/", "no connection is made to `169.254.169.254`: it is link-local"),
            (
                "http://168.63.129.16",
                "no connection is made to `168.63.129.16`: it is a metadata service of a cloud",
            ),
            ("http://[fe80::1]", "no connection is made to `[fe80::1]`: it is link-local"),
        ] {
            assert_eq!(parsed(text).unwrap_err(), error);
        }
    }

    #[test]
    fn a_secret_travels_encrypted_or_not_at_all() {
        for text in
            ["https://a.example", "http://127.0.0.1:8080", "http://localhost", "http://[::1]"]
        {
            assert!(OriginUrl::parse(text).unwrap().for_secrets().is_ok(), "{text}");
        }
        for text in [
            "http://a.example",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "http://127.evil.example",
        ] {
            assert!(OriginUrl::parse(text).unwrap().for_secrets().is_err(), "{text}");
        }
    }
}
