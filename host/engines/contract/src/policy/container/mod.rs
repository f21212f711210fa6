//! What a provider may ask for, and what its container is then. A reader who wants
//! to know what a session's container can do reads this file.

use std::collections::BTreeMap;

use crate::domain::Transport;
use crate::images::Owner;
use crate::options::{HostPort, Published, Reach};
use crate::policy::home::Home;
use crate::policy::run_as::Identity;
use crate::policy::run_spec::{MountedFiles, ProjectMount, RunSpec};
use crate::policy::{labels, port_placeholders, resources};
use crate::{ContainerSpec, ContainersError, EngineOptions, ProjectFiles, ProjectScope, Scope};

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
pub(crate) fn check(spec: &ContainerSpec) -> Result<(), ContainersError> {
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
    port_placeholders::check(spec)?;
    if spec.time_limit.is_some_and(|limit| limit.is_zero()) {
        return Err(ContainersError::InvalidTimeLimit);
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
pub(crate) fn check_name(name: &str) -> Result<(), ContainersError> {
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
        return invalid("the image's own system is there");
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
pub(crate) fn check_options(
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

/// The container, for the user `owner`. `exposed` are the ports that the image
/// exposes, `copies` is whose files are that are made for it.
#[allow(clippy::too_many_arguments, reason = "everything that a container depends on")]
pub(crate) fn run_spec(
    spec: &ContainerSpec,
    scope: &Scope,
    owner: &str,
    project: &ProjectScope,
    identity: &Identity,
    copies: Owner,
    options: &EngineOptions,
    exposed: &[u16],
) -> RunSpec {
    let (environment, names) = environment(spec, identity, options);
    let ports: Vec<String> = spec.publish.iter().map(u16::to_string).collect();
    let mut labels = spec.labels.clone();
    labels.extend(
        [
            (labels::PROVIDER, scope.provider.label().as_str()),
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
    let mut run = options.run.clone();
    run.init = true;
    run.shm_size.get_or_insert(SHARED_MEMORY);
    let mut home = identity.home;
    // Nothing can be unpacked into a file system that is read only.
    if run.read_only
        && let Some(Home { path, owner: Owner { uid, gid } }) = home.take()
    {
        let settings = format!("uid={uid},gid={gid},mode=0700,exec");
        run.tmpfs.insert(path.to_owned(), settings);
    }

    // The identity has seen what was typed.
    let typed = || options.entrypoint.clone().map(|program| vec![program]);
    RunSpec {
        name: spec.name.clone(),
        image: spec.image.clone(),
        entrypoint: identity.entrypoint.clone().or_else(typed).or_else(|| spec.entrypoint.clone()),
        command: identity.command.clone().or_else(|| spec.command.clone()),
        working_directory: spec.working_directory.clone(),
        user: identity.user.clone(),
        user_namespace: identity.user_namespace.clone(),
        home,
        environment,
        labels,
        ports: published(spec, options, exposed),
        project: project_mount(spec, project, copies),
        resources: spec.resources.clone(),
        time_limit: spec.time_limit.map(|limit| limit.as_secs()),
        options: run,
        typed: options.typed().clone(),
    }
}

/// All variables, and the names of those that are the provider's. Later ones win:
/// what the identity needs over the provider, and what the user typed over all.
fn environment(
    spec: &ContainerSpec,
    identity: &Identity,
    options: &EngineOptions,
) -> (BTreeMap<String, String>, String) {
    let mut all: BTreeMap<String, String> = spec.environment.iter().cloned().collect();
    let users: BTreeMap<&str, &str> =
        options.environment().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let names = all.keys().map(String::as_str).filter(|name| !users.contains_key(name));
    let names = names.collect::<Vec<_>>().join(",");
    all.extend(identity.environment.iter().cloned());
    all.extend(users.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    (all, names)
}

/// Which port is published where; nothing where the network allows nobody in, or
/// is the host's own.
fn published(spec: &ContainerSpec, options: &EngineOptions, exposed: &[u16]) -> Vec<Published> {
    if options.reach() != Reach::Published {
        return Vec::new();
    }
    let tcp = |container, host| Published { host, container, protocol: Transport::Tcp };
    // The first port is the one that opens.
    let mut first = options.port;
    let own = spec.publish.iter().map(|port| tcp(*port, first.take().unwrap_or_default()));
    let mut ports: Vec<Published> = own.collect();
    ports.extend(&options.publish);
    if options.publish_all {
        let others = exposed.iter().filter(|port| !spec.publish.contains(port));
        ports.extend(others.map(|port| tcp(*port, HostPort::FREE)));
    }
    ports
}

/// The name of the volume with the copy of the project of the session `container`.
#[must_use]
pub fn volume_of(container: &str) -> String {
    format!("renku-{container}")
}

/// Where the project is copied to, when it is.
fn copy_target<'a>(spec: &'a ContainerSpec, project: &ProjectScope) -> Option<&'a str> {
    let copied = matches!(project.files, ProjectFiles::Copied(_));
    spec.mount_project.as_deref().filter(|_| copied)
}

fn project_mount(
    spec: &ContainerSpec,
    project: &ProjectScope,
    owner: Owner,
) -> Option<ProjectMount> {
    let target = spec.mount_project.clone()?;
    let files = match project.files {
        ProjectFiles::Mounted => MountedFiles::Folder(project.root.clone()),
        ProjectFiles::Copied(_) => MountedFiles::Volume(volume_of(&spec.name)),
        ProjectFiles::Absent => MountedFiles::Nowhere,
    };
    Some(ProjectMount { target, files, owner })
}

#[cfg(test)]
mod tests;
