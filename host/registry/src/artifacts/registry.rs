//! One repository of one registry: how it is reached, and as whom.

use std::time::Duration;

use futures_util::future::BoxFuture;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference, RegistryOperation};
use semver::Version;

use super::error::{RegistryError, translate};
use super::reference::{OciReference, Which};
use crate::web::http::install_cryptography;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a registry may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// Tags are asked for in pages; more than this is no list of versions.
const PAGE: usize = 1000;
const PAGES: usize = 20;

/// A login for a registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user; empty for a token.
    pub user: String,
    /// Password or token.
    pub secret: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Who knows the user's logins.
pub trait Logins: Send + Sync {
    /// The login for a registry's host (with port), if there is one.
    fn login<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<Login>>;
}

/// What a registry is used for; some tell the two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading.
    Pull,
    /// Writing, too.
    Push,
}

/// A repository that can be read and written.
pub struct Registry {
    pub(super) client: Client,
    pub(super) auth: RegistryAuth,
    pub(super) place: OciReference,
}

impl Registry {
    /// Reaches the registry of `place` with the user's login for it. Only a
    /// registry on this machine may be without encryption.
    ///
    /// # Errors
    ///
    /// When it cannot be reached or refuses the login.
    pub async fn connect(
        place: &OciReference,
        logins: &dyn Logins,
        purpose: Purpose,
    ) -> Result<Self, RegistryError> {
        Self::connect_within(place, logins, purpose, SILENCE).await
    }

    /// The same, with a registry that may say nothing for as long as `silence`.
    ///
    /// # Errors
    ///
    /// As [`Self::connect`].
    pub async fn connect_within(
        place: &OciReference,
        logins: &dyn Logins,
        purpose: Purpose,
        silence: Duration,
    ) -> Result<Self, RegistryError> {
        let auth = match logins.login(&place.host).await {
            None => RegistryAuth::Anonymous,
            Some(login) if login.user.is_empty() => RegistryAuth::Bearer(login.secret),
            Some(login) => RegistryAuth::Basic(login.user, login.secret),
        };
        let mut registry =
            Self { client: client(place, true, silence)?, auth, place: place.clone() };
        let encrypted = registry.greet(purpose).await;
        match encrypted {
            Err(RegistryError::Unavailable { .. }) if place.is_loopback() => {
                registry.client = client(place, false, silence)?;
                registry.greet(purpose).await?;
            }
            other => other?,
        }
        Ok(registry)
    }

    async fn greet(&self, purpose: Purpose) -> Result<(), RegistryError> {
        let operation = match purpose {
            Purpose::Pull => RegistryOperation::Pull,
            Purpose::Push => RegistryOperation::Push,
        };
        let answer = self.client.auth(&self.at("latest"), &self.auth, operation).await;
        answer.map(drop).map_err(|error| self.failed(&self.place.place(), error))
    }

    /// The versions that the repository has, ascending: tags that are bare
    /// semantic versions.
    ///
    /// # Errors
    ///
    /// When the registry does not say.
    pub async fn versions(&self) -> Result<Vec<Version>, RegistryError> {
        let mut versions = Vec::new();
        let mut last: Option<String> = None;
        for _ in 0..PAGES {
            let page = self
                .client
                .list_tags(&self.at("latest"), &self.auth, Some(PAGE), last.as_deref())
                .await
                .map_err(|error| self.failed(&self.place.place(), error))?;
            versions.extend(page.tags.iter().filter_map(|tag| Version::parse(tag).ok()));
            last = page.tags.last().cloned();
            if page.tags.len() < PAGE {
                break;
            }
        }
        versions.sort();
        Ok(versions)
    }

    /// The tag or digest that `which` means now.
    ///
    /// # Errors
    ///
    /// When no version fits.
    pub async fn resolve(&self, which: &Which) -> Result<Which, RegistryError> {
        let fits = |version: &Version| match which {
            Which::Range(range) => range.matches(version),
            _ => version.pre.is_empty(),
        };
        if let Which::Tag(_) | Which::Digest(_) = which {
            return Ok(which.clone());
        }
        let versions = self.versions().await?;
        let newest = versions.iter().rev().find(|version| fits(version));
        newest.map(|version| Which::Tag(version.to_string())).ok_or_else(|| {
            let known: Vec<String> = versions.iter().map(Version::to_string).collect();
            RegistryError::Missing {
                reference: self.place.with(which.clone()).to_string(),
                reason: if known.is_empty() {
                    "the repository has no versions".to_owned()
                } else {
                    format!("the versions there: {}", known.join(", "))
                },
            }
        })
    }

    /// A tag of this repository, as the protocol library names it.
    pub(super) fn at(&self, tag: &str) -> Reference {
        let (host, repository) = (self.place.host.clone(), self.place.repository.clone());
        Reference::with_tag(host, repository, tag.to_owned())
    }

    /// A digest of this repository.
    pub(super) fn by_digest(&self, digest: &str) -> Reference {
        let (host, repository) = (self.place.host.clone(), self.place.repository.clone());
        Reference::with_digest(host, repository, digest.to_owned())
    }

    pub(super) fn failed(
        &self,
        reference: &str,
        error: oci_client::errors::OciDistributionError,
    ) -> RegistryError {
        let logged_in = self.auth != RegistryAuth::Anonymous;
        translate(&self.place.host, reference, logged_in, error)
    }
}

fn client(
    place: &OciReference,
    encrypted: bool,
    silence: Duration,
) -> Result<Client, RegistryError> {
    install_cryptography();
    let protocol = if encrypted { ClientProtocol::Https } else { ClientProtocol::Http };
    let config = ClientConfig {
        protocol,
        connect_timeout: Some(CONNECT),
        read_timeout: Some(silence),
        user_agent: concat!("renku-session/", env!("CARGO_PKG_VERSION")),
        // A provider is the same on every platform: there is nothing to choose.
        platform_resolver: None,
        ..ClientConfig::default()
    };
    Client::try_from(config).map_err(|error| RegistryError::Unavailable {
        host: place.host.clone(),
        reason: error.to_string(),
    })
}
