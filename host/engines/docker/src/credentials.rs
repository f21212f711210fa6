//! The user's logins for registries, as the engine takes them.

use bollard::auth::DockerCredentials;

use crate::registry::{Login, Logins};
use crate::settings::EngineSettings;

/// The logins that belong to these settings.
pub(crate) fn logins(settings: &EngineSettings) -> Logins {
    Logins::read(settings.config_directory().as_deref())
}

/// A login in the engine's words.
pub(crate) fn credentials(login: Login) -> DockerCredentials {
    DockerCredentials {
        username: login.user,
        password: login.secret,
        serveraddress: Some(login.registry),
        identitytoken: login.identity_token,
        ..DockerCredentials::default()
    }
}
