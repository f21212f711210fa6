//! The user's logins for registries, as the engine takes them.

use base64::Engine as _;
use bollard::auth::DockerCredentials;
use bollard::errors::Error;

use crate::domain::Secret;
use crate::registry::{Login, Logins};
use crate::settings::EngineSettings;

/// The logins that belong to these settings.
pub(crate) fn logins(settings: &EngineSettings) -> Logins {
    Logins::read(&settings.registry_files())
}

/// A login in the engine's words, for `registry`: a host, or the key under which a
/// builder gets it.
pub(crate) fn credentials(login: Login, registry: &str) -> DockerCredentials {
    let empty =
        DockerCredentials { serveraddress: Some(registry.to_owned()), ..Default::default() };
    let text = |secret: Secret| Some(secret.expose().to_owned());
    match login {
        Login::Password { user, password } => {
            DockerCredentials { username: Some(user), password: text(password), ..empty }
        }
        Login::IdentityToken(token) => DockerCredentials { identitytoken: text(token), ..empty },
        Login::Bearer(token) => DockerCredentials { registrytoken: text(token), ..empty },
    }
}

/// As the value of a header: base64 of JSON.
///
/// # Errors
///
/// Never for text.
pub(crate) fn header(credentials: &impl serde::Serialize) -> Result<String, Error> {
    let json = serde_json::to_vec(credentials)?;
    Ok(base64::engine::general_purpose::URL_SAFE.encode(json))
}
