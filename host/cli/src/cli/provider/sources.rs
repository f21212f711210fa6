//! What the commands of `provider` fetch with: the user's logins for registries
//! and the keys that they trust.

use futures_util::future::BoxFuture;

use crate::capabilities::containers::{EngineSettings, registry_login};
use crate::cli::app::App;
use crate::cli::error::Failure;
use crate::providers::signing::TrustedKeys;
use crate::providers::sources::oci::{Login, Logins};
use crate::providers::{Access, Catalogue, Installer, ProvidersError};

/// The logins that `docker login` and `podman login` made.
pub(super) struct UsersLogins;

impl Logins for UsersLogins {
    fn login<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<Login>> {
        Box::pin(async move {
            let (user, secret) = registry_login(&EngineSettings::from_environment(), host).await?;
            Some(Login { user, secret })
        })
    }
}

/// The keys that the user trusts.
pub(super) fn trusted(app: &App) -> Result<TrustedKeys, Failure> {
    Ok(TrustedKeys::read(app.configuration()).map_err(ProvidersError::from)?)
}

/// Installs into the user's store.
pub(super) fn installer<'a>(
    catalogue: &'a Catalogue,
    trusted: &'a TrustedKeys,
    offline: bool,
) -> Result<Installer<'a>, Failure> {
    let access = Access { offline, logins: &UsersLogins };
    Ok(Installer { store: catalogue.store()?, access, trusted })
}
