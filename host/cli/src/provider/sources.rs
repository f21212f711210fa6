//! What the commands of `provider` fetch with: the user's logins for registries
//! and the keys that they trust.

use crate::app::App;
use crate::error::Failure;
use crate::providers::signing::TrustedKeys;
use crate::providers::{Access, Catalogue, Installer, ProvidersError};
use crate::registry::UsersLogins;

/// The keys that the user trusts.
pub(super) fn trusted(app: &App) -> Result<TrustedKeys, Failure> {
    Ok(TrustedKeys::read(app.context.configuration()).map_err(ProvidersError::from)?)
}

/// Installs into the user's store.
pub(super) fn installer<'a>(
    catalogue: &'a Catalogue,
    trusted: &'a TrustedKeys,
    offline: bool,
) -> Result<Installer<'a>, Failure> {
    let access = Access { offline, logins: &UsersLogins, project: None };
    Ok(Installer { store: catalogue.store()?, access, trusted })
}
