//! The user's logins for registries, as the engine takes them.

use bollard::auth::DockerCredentials;

use super::settings::EngineSettings;
use crate::registry::{Login, Logins};

/// The logins that belong to these settings.
pub(super) fn logins(settings: &EngineSettings) -> Logins {
    Logins::read(settings.config_directory().as_deref())
}

/// A login in the engine's words.
pub(super) fn credentials(login: Login) -> DockerCredentials {
    DockerCredentials {
        username: login.user,
        password: login.secret,
        serveraddress: Some(login.registry),
        identitytoken: login.identity_token,
        ..DockerCredentials::default()
    }
}
