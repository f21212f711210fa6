//! The volume for a copy of the project.
//!
//! API: `GET /volumes`, `GET /volumes/{name}`, `POST /volumes/create`, `DELETE /volumes/{name}`.

use std::time::Duration;

use bollard::models::VolumeCreateRequest;
use bollard::query_parameters::{ListVolumesOptions, RemoveVolumeOptions};

use crate::containers::filters;
use crate::contract::{ContainersError, Filter, ListedVolume, RunSpec, volume_of};
use crate::domain::EngineCommands;
use crate::engine_errors;

/// How long the engine may take to say what became of a removal.
const LOOK_PATIENCE: Duration = Duration::from_secs(10);

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
    let volume = volume_of(container);
    match docker.remove_volume(&volume, Some(options)).await {
        Ok(()) => Ok(()),
        Err(error) if engine_errors::status(&error) == Some(404) => Ok(()),
        Err(error) if engine_errors::is_unclear(&error) && is_gone(docker, &volume).await => Ok(()),
        Err(error) => Err(engine_errors::other("remove the volume of the session")(error)),
    }
}

async fn is_gone(docker: &bollard::Docker, volume: &str) -> bool {
    let looked = tokio::time::timeout(LOOK_PATIENCE, docker.inspect_volume(volume)).await;
    matches!(looked, Ok(Err(error)) if engine_errors::status(&error) == Some(404))
}

/// The volumes with these labels.
///
/// # Errors
///
/// When the engine fails.
pub(crate) async fn list(
    docker: &bollard::Docker,
    filter: &Filter,
) -> Result<Vec<ListedVolume>, ContainersError> {
    let options = ListVolumesOptions { filters: Some(filters(filter)) };
    let listed = docker.list_volumes(Some(options)).await;
    let listed = listed.map_err(engine_errors::other("list volumes"))?;
    let volumes = listed.volumes.unwrap_or_default().into_iter();
    let volumes = volumes.map(|volume| ListedVolume {
        name: volume.name,
        labels: volume.labels.into_iter().collect(),
    });
    Ok(volumes.collect())
}
