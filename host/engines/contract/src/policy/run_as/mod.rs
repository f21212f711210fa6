//! `run-as: project-owner`, translated for this engine and image, so that new
//! files belong to the user. Owner and group of host files are never changed.
//!
//! | engine and image | result |
//! |---|---|
//! | the user typed `--user` | that |
//! | the engine's root is the user (rootless Docker, Docker Desktop on Linux, Podman before 4.3) | uid 0 |
//! | rootless Podman, the image's user is a number | as the image says, and that user is the owner (`keep-id:uid=,gid=`) |
//! | rootless Podman, the image's user is root | uid 0, which is the owner |
//! | rootless Podman, the image's user is a name | uid and gid of the owner (`keep-id`), a home of their own |
//! | the image's user is the owner already | as the image says |
//! | the owner is root | uid 0, `--allow-root` for Jupyter |
//! | a docker-stacks image | root, `NB_UID`, `NB_GID`: its script changes the user |
//! | any other image | uid and gid of the owner, a home of their own |
//! | the engine translates owners itself (macOS) | as the image says |

use super::command_line::CommandLine;
use super::home::Home;
use crate::images::Owner;
use crate::{ContainerSpec, ImageConfig, RunAs};

/// The group `users`, which owns the home of docker-stacks images (`NB_GID`).
const STACK_GROUP: u32 = 100;

/// What a user of the container is on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineUsers {
    /// The same number.
    #[default]
    Same,
    /// Root is the user who runs the engine, all others are sub-ids.
    RootIsUser,
    /// As `RootIsUser`, unless the request names the user.
    Mappable,
    /// The engine's file sharing makes every file the user's.
    Translated,
}

/// What the engine is to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    /// `User`; none: as the image says.
    pub(crate) user: Option<String>,
    /// `UsernsMode`; none: as the engine does it.
    pub(crate) user_namespace: Option<String>,
    /// Environment variables; what the user typed wins over them.
    pub(crate) environment: Vec<(String, String)>,
    /// Replaces the entrypoint of the spec.
    pub(crate) entrypoint: Option<Vec<String>>,
    /// Replaces the command of the spec.
    pub(crate) command: Option<Vec<String>>,
    /// A home directory to put into the container before it starts.
    pub(crate) home: Option<Home>,
}

impl Identity {
    /// Whose files are that were made for the container: its user's.
    pub(crate) fn owner_of_copies(&self, owner: Owner, image: &ImageConfig) -> Owner {
        let numbers = |user: &str| {
            let (uid, gid) = user.split_once(':').unwrap_or((user, user));
            Some(Owner { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
        };
        match self.user.as_deref() {
            // Its script becomes the owner.
            Some("root") => owner,
            Some(user) => numbers(user).unwrap_or(owner),
            None => numbers(&image.user).unwrap_or(owner),
        }
    }
}

/// Decides as whom the container runs. `spec` has the entrypoint and variables that
/// the user typed in it ([`super::EngineOptions::typed_over`]): they are obeyed, and
/// may change what has to be done. `user` is what they typed for `--user`.
pub(crate) fn decide(
    spec: &ContainerSpec,
    image: &ImageConfig,
    owner: Owner,
    users: EngineUsers,
    user: Option<&str>,
) -> Identity {
    let line = CommandLine::effective(spec, image);
    if let Some(user) = user {
        let own = as_image_says(&line, uid_of(user));
        return Identity { user: Some(user.to_owned()), ..own };
    }
    let image_uid = uid_of(&image.user);
    if spec.run_as == RunAs::ImageUser || users == EngineUsers::Translated {
        return as_image_says(&line, image_uid);
    }
    if users == EngineUsers::RootIsUser {
        return as_root(spec, image, &line);
    }
    if users == EngineUsers::Mappable {
        return mapped(spec, image, &line, owner);
    }
    if owner.uid == 0 {
        return as_root(spec, image, &line);
    }
    if image_uid == Some(owner.uid) {
        return as_image_says(&line, image_uid);
    }
    if line.is_docker_stack() {
        return Identity {
            user: Some("root".to_owned()),
            environment: vec![
                ("NB_UID".to_owned(), owner.uid.to_string()),
                ("NB_GID".to_owned(), owner.gid.to_string()),
            ],
            ..Identity::default()
        };
    }
    as_owner(spec, owner)
}

fn as_image_says(line: &CommandLine, image_uid: Option<u32>) -> Identity {
    let command = if image_uid == Some(0) { line.command_allowing_root() } else { None };
    Identity { command, ..Identity::default() }
}

/// Rootless Podman: the user of the host becomes the one that the image wants.
fn mapped(spec: &ContainerSpec, image: &ImageConfig, line: &CommandLine, owner: Owner) -> Identity {
    let Some(uid) = uid_of(&image.user) else {
        let user_namespace = Some("keep-id".to_owned());
        return Identity { user_namespace, ..as_owner(spec, owner) };
    };
    if uid == 0 {
        return as_root(spec, image, line);
    }
    let gid = match image.user.split_once(':') {
        Some((_, group)) => group.parse().ok(),
        None if line.is_docker_stack() => Some(STACK_GROUP),
        None => None,
    };
    let gid = gid.unwrap_or(uid);
    Identity {
        user: Some(format!("{uid}:{gid}")),
        user_namespace: Some(format!("keep-id:uid={uid},gid={gid}")),
        ..Identity::default()
    }
}

fn as_root(spec: &ContainerSpec, image: &ImageConfig, line: &CommandLine) -> Identity {
    let mut identity = Identity { user: Some("0:0".to_owned()), ..Identity::default() };
    if !sets_home(spec) && !image.environment.get("HOME").is_some_and(|home| home.starts_with('/'))
    {
        identity.environment.push(("HOME".to_owned(), "/root".to_owned()));
    }
    if line.is_docker_stack() {
        let plain = line.without_stack_scripts();
        let command = plain.command_allowing_root().unwrap_or(plain.command);
        identity.entrypoint = Some(plain.entrypoint);
        identity.command = Some(command);
    } else {
        identity.command = line.command_allowing_root();
    }
    identity
}

fn as_owner(spec: &ContainerSpec, owner: Owner) -> Identity {
    let mut identity =
        Identity { user: Some(format!("{}:{}", owner.uid, owner.gid)), ..Identity::default() };
    if !sets_home(spec) {
        let home = Home::for_owner(owner, spec.mount_project.as_deref());
        identity.environment.push(("HOME".to_owned(), home.path.to_owned()));
        identity.home = Some(home);
    }
    // The uid has no entry in the image's /etc/passwd: programs ask these.
    if !spec.environment.iter().any(|(name, _)| name == "USER") {
        identity.environment.push(("USER".to_owned(), "renku".to_owned()));
    }
    identity
}

fn sets_home(spec: &ContainerSpec) -> bool {
    spec.environment.iter().any(|(name, _)| name == "HOME")
}

/// The numeric user of USER; none when only the image's own files know it.
fn uid_of(user: &str) -> Option<u32> {
    match user.split(':').next().unwrap_or_default() {
        "" | "root" => Some(0),
        user => user.parse().ok(),
    }
}

#[cfg(test)]
mod tests;
