//! The volume for a copy of the project.
//!
//! API: `GET /volumes/{name}`, `POST /volumes/create`, `DELETE /volumes/{name}`.

use bollard::models::VolumeCreateRequest;
use bollard::query_parameters::RemoveVolumeOptions;

use crate::contract::{ContainersError, RunSpec, volume_of};
use crate::domain::EngineCommands;
use crate::engine_errors;

/// Wants that there is none of this name: an engine would hand out what is there,
/// with the files of whoever made it.
///
/// # Errors
///
/// [`ContainersError::VolumeTaken`]; `NameTaken` when a container has it.
pub(crate) async fn require_new(
    docker: &bollard::Docker,
    volume: &str,
    container: &str,
) -> Result<(), ContainersError> {
    match docker.inspect_volume(volume).await {
        Err(error) if engine_errors::status(&error) == Some(404) => return Ok(()),
        Err(error) => return Err(engine_errors::other("look for a volume")(error)),
        Ok(_) => {}
    }
    let name = container.to_owned();
    Err(match docker.inspect_container(container, None).await {
        Ok(_) => ContainersError::NameTaken { name },
        Err(_) => ContainersError::VolumeTaken {
            volume: volume.to_owned(),
            client: EngineCommands::default(),
        },
    })
}

/// Makes it. It is whose the container is.
///
/// # Errors
///
/// When the engine fails.
pub(crate) async fn create(
    docker: &bollard::Docker,
    volume: &str,
    run: &RunSpec,
) -> Result<(), ContainersError> {
    let request = VolumeCreateRequest {
        name: Some(volume.to_owned()),
        labels: Some(run.volume_labels().into_iter().collect()),
        ..VolumeCreateRequest::default()
    };
    let made = docker.create_volume(request).await;
    made.map(drop).map_err(engine_errors::other("create a volume"))
}

/// Removes the volume of the container of this name; one that is gone already is
/// fine.
///
/// # Errors
///
/// When the engine fails.
pub(crate) async fn remove(
    docker: &bollard::Docker,
    container: &str,
) -> Result<(), ContainersError> {
    let options = RemoveVolumeOptions { force: true };
    match docker.remove_volume(&volume_of(container), Some(options)).await {
        Err(error) if engine_errors::status(&error) != Some(404) => {
            Err(engine_errors::other("remove the volume of the session")(error))
        }
        _ => Ok(()),
    }
}
