//! What a provider may ask for, and the whole body that the engine is sent. A
//! reader who wants to know what a session's container can do reads this file.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    ContainerCreateBody, HostConfig, Mount, MountType, PortBinding, RestartPolicy,
    RestartPolicyNameEnum,
};

use super::options::{HostPort, Reach};
use super::run_as::Identity;
use super::{
    ContainerSpec, ContainersError, EngineOptions, ProjectFiles, ProjectScope, Scope, copy, labels,
    resources,
};

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

/// Checks what the provider wants against what the user typed.
///
/// # Errors
///
/// [`ContainersError::SecretReplaced`], `MountTaken`.
pub(super) fn check_options(
    spec: &ContainerSpec,
    options: &EngineOptions,
) -> Result<(), ContainersError> {
    let is_secret = |name: &str| {
        let name = name.to_ascii_uppercase();
        ["TOKEN", "PASSWORD", "SECRET"].iter().any(|word| name.contains(word))
    };
    let own = |name: &str| spec.environment.iter().any(|(own, _)| own == name);
    if let Some((name, _)) = options.environment().find(|(name, _)| own(name) && is_secret(name)) {
        return Err(ContainersError::SecretReplaced { name: name.clone() });
    }
    match &spec.mount_project {
        Some(target) if options.mounts_at(target) => {
            Err(ContainersError::MountTaken { target: target.clone() })
        }
        _ => Ok(()),
    }
}

/// The body of `POST /containers/create`, for the user `owner`. `exposed` are the
/// ports that the image exposes.
pub(super) fn create_body(
    spec: &ContainerSpec,
    scope: &Scope,
    owner: &str,
    project: &ProjectScope,
    identity: &Identity,
    options: &EngineOptions,
    exposed: &[u16],
) -> ContainerCreateBody {
    let (environment, names) = environment(spec, identity, options);
    let ports: Vec<String> = spec.publish.iter().map(u16::to_string).collect();
    let mut labels: HashMap<String, String> = spec.labels.clone().into_iter().collect();
    labels.extend(
        [
            (labels::PROVIDER, scope.provider.as_str()),
            (labels::OWNER, owner),
            (labels::PROJECT, project.id.as_str()),
            (labels::NAME, spec.name.as_str()),
            (labels::ENVIRONMENT, names.as_str()),
            (labels::PORTS, ports.join(",").as_str()),
            (labels::COPY, copy_target(spec, project).unwrap_or_default()),
        ]
        .map(|(label, value)| (label.to_owned(), value.to_owned())),
    );

    // What the user typed is the base; what follows is nobody's to change.
    let mut host = HostConfig {
        init: Some(true),
        shm_size: options.host.shm_size.or(Some(SHARED_MEMORY)),
        userns_mode: identity.user_namespace.clone(),
        restart_policy: Some(RestartPolicy {
            name: Some(RestartPolicyNameEnum::NO),
            maximum_retry_count: None,
        }),
        mounts: project_mount(spec, project).map(|mount| vec![mount]),
        ..options.host.clone()
    };
    // Nothing can be unpacked into a file system that is read only.
    if options.host.readonly_rootfs == Some(true)
        && let Some(home) = &identity.home
    {
        let (uid, gid) = (home.owner.uid, home.owner.gid);
        let settings = format!("uid={uid},gid={gid},mode=0700,exec");
        host.tmpfs.get_or_insert_default().insert(home.path.to_owned(), settings);
    }
    let bindings = bindings(spec, options, exposed);
    let exposed_ports: Vec<String> = bindings.keys().cloned().collect();
    host.port_bindings = Some(bindings);
    resources::apply(&spec.resources, &mut host);

    // The identity has seen what was typed.
    let entrypoint = identity.entrypoint.clone().or_else(|| options.body.entrypoint.clone());
    ContainerCreateBody {
        image: Some(spec.image.clone()),
        entrypoint: entrypoint.or_else(|| spec.entrypoint.clone()),
        cmd: identity.command.clone().or_else(|| spec.command.clone()),
        user: identity.user.clone(),
        env: Some(environment.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        working_dir: spec.working_directory.clone(),
        labels: Some(labels),
        exposed_ports: Some(exposed_ports),
        host_config: Some(host),
        ..options.body.clone()
    }
}

/// All variables, and the names of those that are the provider's. Later ones win:
/// what the identity needs over the provider, and what the user typed over all.
fn environment<'a>(
    spec: &'a ContainerSpec,
    identity: &'a Identity,
    options: &'a EngineOptions,
) -> (BTreeMap<&'a str, &'a str>, String) {
    fn pair((name, value): &(String, String)) -> (&str, &str) {
        (name, value)
    }
    let mut all: BTreeMap<&str, &str> = spec.environment.iter().map(pair).collect();
    let users: BTreeMap<&str, &str> = options.environment().map(pair).collect();
    let names: Vec<&str> = all.keys().copied().filter(|name| !users.contains_key(name)).collect();
    let names = names.join(",");
    all.extend(identity.environment.iter().map(pair));
    all.extend(users);
    (all, names)
}

/// Which port is published where; nothing where the network allows nobody in, or
/// is the host's own.
fn bindings(
    spec: &ContainerSpec,
    options: &EngineOptions,
    exposed: &[u16],
) -> HashMap<String, Option<Vec<PortBinding>>> {
    let mut bindings: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    if options.reach() != Reach::Published {
        return bindings;
    }
    let mut bind = |port: String, at: &HostPort| {
        bindings.entry(port).or_default().get_or_insert_default().push(binding(at));
    };
    for (index, port) in spec.publish.iter().enumerate() {
        // The first port is the one that opens.
        let at = if index == 0 { options.port.unwrap_or_default() } else { HostPort::FREE };
        bind(format!("{port}/tcp"), &at);
    }
    for published in &options.publish {
        bind(format!("{}/{}", published.container, published.protocol), &published.host);
    }
    if options.publish_all {
        for port in exposed.iter().filter(|port| !spec.publish.contains(port)) {
            bind(format!("{port}/tcp"), &HostPort::FREE);
        }
    }
    bindings
}

/// A free port is chosen by the engine: empty, because Podman refuses `0`.
fn binding(at: &HostPort) -> PortBinding {
    PortBinding {
        host_ip: Some(at.address.to_string()),
        host_port: Some(at.port.map(|port| port.to_string()).unwrap_or_default()),
    }
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
mod tests;
