//! Builds the project into an image: with BuildKit where the engine has it,
//! otherwise with the classic builder.

mod buildkit;
mod classic;
mod failure;
pub(crate) mod fuzzing;
mod output;
mod request;
mod steps;

use bollard::Docker;

use crate::connect::Engine;
use crate::contract::{Building, ContainersError};
use crate::docker_config::DockerConfig;
use crate::images::{Context, Recipe};
use crate::settings::EngineSettings;
use crate::{credentials, engine_errors};

/// The API version from which on Docker Engine has BuildKit for everybody.
const BUILDKIT_SINCE: (u32, u32) = (1, 39);

/// Builds `recipe` out of `context`.
///
/// # Errors
///
/// [`ImageError::BuildStep`](crate::ImageError) with the last lines of the failing step,
/// `BaseImage`, `DiskFull`, `BuildFailed`.
pub(crate) async fn build(
    engine: &Engine,
    settings: &EngineSettings,
    recipe: &Recipe,
    context: &mut Context,
    building: Building<'_>,
) -> Result<(), ContainersError> {
    let logins = credentials::logins(settings);
    let proxies = DockerConfig::proxies(settings);
    // BuildKit copies the Dockerfile of an archive, whatever `.dockerignore` says.
    if !recipe.hides_descriptor && has_buildkit(&engine.docker).await? {
        buildkit::build(&engine.address, logins, &proxies, recipe, context, building).await
    } else {
        classic::build(engine, logins, &proxies, recipe, context, building).await
    }
}

/// Whether to build with BuildKit. `DOCKER_BUILDKIT=0` says no, as it does to
/// Docker's own client.
async fn has_buildkit(docker: &Docker) -> Result<bool, ContainersError> {
    if std::env::var_os("DOCKER_BUILDKIT").is_some_and(|value| value == "0") {
        return Ok(false);
    }
    let version = docker.version().await.map_err(engine_errors::other("describe itself"))?;
    let is_docker = version.components.iter().flatten().any(|component| component.name == "Engine");
    let is_linux = version.os.as_deref() == Some("linux");
    let api = version.api_version.as_deref().and_then(api_version);
    Ok(is_docker && is_linux && api.is_some_and(|api| api >= BUILDKIT_SINCE))
}

/// `1.41`.
fn api_version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
