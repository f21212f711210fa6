//! A session as the host knows it.

use crate::contract::{ContainerRef, ContainerState, ContainersError, Found, Reach};
use crate::domain::{Port, Transport};
use crate::folder::{Folder, broken};

/// A session as the host knows it.
pub(crate) fn found(folder: &Folder) -> Result<Found, ContainersError> {
    const ACTION: &str = "read a session";
    let record = folder.record().map_err(broken(ACTION))?;
    let (state, exit_code) = folder.state().map_err(broken(ACTION))?;
    let started = folder.started().map_err(broken(ACTION))?;
    let is_up = matches!(state, ContainerState::Running | ContainerState::Paused);
    let ports = started.filter(|_| is_up).map(|started| started.ports).unwrap_or_default();
    let ports = ports.into_iter().map(|(container, host)| Port {
        container,
        host: Some(host),
        host_ip: Some("127.0.0.1".to_owned()),
        protocol: Transport::Tcp,
    });
    let volumes = record.volumes.into_iter().map(|volume| volume.source);
    let mounts = record.project.into_iter().map(|(path, _)| path).chain(volumes);
    Ok(Found {
        container: ContainerRef { id: record.name.clone(), name: record.name },
        image: record.image,
        image_id: Some(record.digest.to_string()),
        state,
        labels: record.labels,
        ports: ports.collect(),
        reach: if record.is_offline { Reach::Nowhere } else { Reach::Published },
        mounts: mounts.map(|path| path.display().to_string()).collect(),
        created_at: Some(record.created_at),
        exit_code,
        out_of_memory: false,
        environment: record.environment.into_iter().collect(),
    })
}
