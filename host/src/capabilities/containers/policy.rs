//! What a provider may ask for, and the whole body that the engine is sent. A
//! reader who wants to know what a session's container can do reads this file.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    ContainerCreateBody, HostConfig, Mount, MountType, PortBinding, RestartPolicy,
    RestartPolicyNameEnum,
};

use super::run_as::Identity;
use super::{
    ContainerSpec, ContainersError, ProjectFiles, ProjectScope, Scope, copy, labels, resources,
};

/// Where published ports listen.
const LOOPBACK: &str = "127.0.0.1";
/// Shared memory in bytes. The engines' own 64 MiB end data loaders that share
/// tensors between processes.
const SHARED_MEMORY: i64 = 512 << 20;
/// Mounting the project here or below would replace what the system needs.
const SYSTEM_TREES: [&str; 15] = [
    "/proc",
    "/sys",
    "/dev",
    "/etc",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/boot",
    "/run",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/local/bin",
];
/// Mounting the project exactly here would, too.
const SYSTEM_DIRECTORIES: [&str; 5] = ["/", "/usr", "/usr/local", "/var", "/var/lib"];

/// Checks what can be checked without an engine.
///
/// # Errors
///
/// One of the `Invalid…` errors, or [`ContainersError::ReservedLabel`].
pub(super) fn check(spec: &ContainerSpec) -> Result<(), ContainersError> {
    check_name(&spec.name)?;
    labels::check(&spec.labels)?;
    resources::check(&spec.resources)?;
    if let Some((name, _)) = spec.environment.iter().find(|(name, value)| {
        name.is_empty() || name.contains(['=', ',', '\0']) || value.contains('\0')
    }) {
        return Err(ContainersError::InvalidEnvironment { name: name.clone() });
    }
    if spec.publish.contains(&0) {
        return Err(ContainersError::InvalidPort { port: 0 });
    }
    if let Some(target) = &spec.mount_project {
        check_mount(target)?;
    }
    match &spec.working_directory {
        Some(path) if !path.starts_with('/') => {
            Err(ContainersError::InvalidWorkingDirectory { path: path.clone() })
        }
        _ => Ok(()),
    }
}

/// Container names: `[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}`, the engines' own rule
/// with a bound, so that the name can be a host name too.
///
/// # Errors
///
/// [`ContainersError::InvalidName`].
pub(super) fn check_name(name: &str) -> Result<(), ContainersError> {
    let valid = (2..=63).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    if valid { Ok(()) } else { Err(ContainersError::InvalidName { name: name.to_owned() }) }
}

fn check_mount(target: &str) -> Result<(), ContainersError> {
    let invalid = |reason| Err(ContainersError::InvalidMount { target: target.to_owned(), reason });
    let Some(relative) = target.strip_prefix('/') else {
        return invalid("it is not an absolute path");
    };
    if SYSTEM_DIRECTORIES.contains(&target)
        || SYSTEM_TREES.iter().any(|tree| {
            target.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    {
        return invalid("the system of the image is there");
    }
    if relative.split('/').any(|part| matches!(part, "" | "." | ".."))
        || target.chars().any(char::is_control)
    {
        return invalid("it is not in its shortest form");
    }
    Ok(())
}

/// The body of `POST /containers/create`.
pub(super) fn create_body(
    spec: &ContainerSpec,
    scope: &Scope,
    project: &ProjectScope,
    identity: &Identity,
) -> ContainerCreateBody {
    // Later ones win, and what the identity needs wins over all.
    let own: BTreeMap<&str, &str> =
        spec.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let names = own.keys().copied().collect::<Vec<_>>().join(",");
    let mut environment = own;
    environment.extend(identity.environment.iter().map(|(name, value)| (&**name, &**value)));

    let mut labels: HashMap<String, String> = spec.labels.clone().into_iter().collect();
    labels.extend(
        [
            (labels::PROVIDER, scope.provider.as_str()),
            (labels::PROJECT, project.id.as_str()),
            (labels::NAME, spec.name.as_str()),
            (labels::ENVIRONMENT, names.as_str()),
        ]
        .map(|(label, value)| (label.to_owned(), value.to_owned())),
    );

    if let Some(target) = copy_target(spec, project) {
        labels.insert(labels::COPY.to_owned(), target.to_owned());
    }

    let ports: Vec<String> = spec.publish.iter().map(|port| format!("{port}/tcp")).collect();
    let mut host = HostConfig {
        init: Some(true),
        shm_size: Some(SHARED_MEMORY),
        userns_mode: identity.user_namespace.clone(),
        restart_policy: Some(RestartPolicy {
            name: Some(RestartPolicyNameEnum::NO),
            maximum_retry_count: None,
        }),
        port_bindings: Some(
            ports.iter().map(|port| (port.clone(), Some(vec![loopback()]))).collect(),
        ),
        mounts: project_mount(spec, project).map(|mount| vec![mount]),
        ..HostConfig::default()
    };
    resources::apply(&spec.resources, &mut host);

    ContainerCreateBody {
        image: Some(spec.image.clone()),
        entrypoint: identity.entrypoint.clone().or_else(|| spec.entrypoint.clone()),
        cmd: identity.command.clone().or_else(|| spec.command.clone()),
        user: identity.user.clone(),
        env: Some(environment.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        working_dir: spec.working_directory.clone(),
        labels: Some(labels),
        exposed_ports: Some(ports),
        host_config: Some(host),
        ..ContainerCreateBody::default()
    }
}

/// A free port, chosen by the engine. Empty, because Podman refuses `0`.
fn loopback() -> PortBinding {
    PortBinding { host_ip: Some(LOOPBACK.to_owned()), host_port: Some(String::new()) }
}

/// Where the project is copied to, when it is.
pub(super) fn copy_target<'a>(spec: &'a ContainerSpec, project: &ProjectScope) -> Option<&'a str> {
    let copied = matches!(project.files, ProjectFiles::Copied(_));
    spec.mount_project.as_deref().filter(|_| copied)
}

/// A mount, not a `Binds` line: those break at colons in paths, and create a
/// source that is not there.
fn project_mount(spec: &ContainerSpec, project: &ProjectScope) -> Option<Mount> {
    let target = spec.mount_project.as_ref()?;
    let (typ, source) = match project.files {
        ProjectFiles::Mounted => (MountType::BIND, project.root.to_string_lossy().into_owned()),
        ProjectFiles::Copied(_) => (MountType::VOLUME, copy::volume_of(&spec.name)),
        ProjectFiles::Absent => return None,
    };
    Some(Mount {
        typ: Some(typ),
        source: Some(source),
        target: Some(target.to_owned()),
        read_only: Some(false),
        ..Mount::default()
    })
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
