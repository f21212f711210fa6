//! `run-as: project-owner`, translated for this engine and image, so that new
//! files belong to the user. Owner and group of host files are never changed.
//!
//! | engine and image | result |
//! |---|---|
//! | the user typed `--user` | that |
//! | the image begins as root and becomes the owner itself (`/init`, docker-stacks of root) | root, `USERID`, `PUID`, `NB_UID` and their groups |
//! | the engine's root is the user (rootless Docker, Docker Desktop on Linux, Podman before 4.3) | uid 0, the home of the image's user |
//! | rootless Podman, the image's user is root | uid 0, which is the owner |
//! | rootless Podman | a whole user of the image ([`Person`]), who is the owner (`keep-id:uid=,gid=`) |
//! | the owner is root | uid 0, the home of the image's user, `--allow-root` for Jupyter |
//! | any other image | the owner, a whole user of the image ([`Person`]) |
//! | the engine translates owners itself (macOS) | as the image says |

use super::command_line::CommandLine;
use super::person::Person;
use crate::images::Owner;
use crate::{ContainerSpec, ImageConfig, RunAs};

/// The group `users`, which owns the home of docker-stacks images (`NB_GID`).
const STACK_GROUP: u32 = 100;
/// Whom rootless Podman makes the owner where the image's user is only a name.
const USUAL: Owner = Owner { uid: 1000, gid: 1000 };
/// What images that begin as root call the user and the group that they become:
/// docker-stacks, rocker, linuxserver.
const OWNER_VARIABLES: [(&str, &str); 3] =
    [("NB_UID", "NB_GID"), ("USERID", "GROUPID"), ("PUID", "PGID")];

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

/// The image that a container is made from.
#[derive(Debug, Clone, Copy)]
pub struct KnownImage<'a> {
    pub id: &'a str,
    /// What it says about itself.
    pub config: &'a ImageConfig,
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
    /// The user, where the image does not have them.
    pub(crate) person: Option<Person>,
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
    image: KnownImage<'_>,
    owner: Owner,
    users: EngineUsers,
    user: Option<&str>,
) -> Identity {
    let line = CommandLine::effective(spec, image.config);
    if let Some(user) = user {
        let own = as_image_says(&line, uid_of(user));
        return Identity { user: Some(user.to_owned()), ..own };
    }
    let image_uid = uid_of(&image.config.user);
    if spec.run_as == RunAs::ImageUser || users == EngineUsers::Translated {
        return as_image_says(&line, image_uid);
    }
    if users == EngineUsers::RootIsUser {
        return as_root(spec, image, &line);
    }
    if users == EngineUsers::Mappable {
        return mapped(spec, image, &line);
    }
    if owner.uid == 0 {
        return as_root(spec, image, &line);
    }
    if image_uid == Some(0) && line.becomes_user_itself() {
        return becoming(spec, owner);
    }
    as_person(spec, image, owner)
}

fn as_image_says(line: &CommandLine, image_uid: Option<u32>) -> Identity {
    let command = if image_uid == Some(0) { line.command_allowing_root() } else { None };
    Identity { command, ..Identity::default() }
}

/// An image that begins as root and gives that up: it is told who the owner is.
fn becoming(spec: &ContainerSpec, owner: Owner) -> Identity {
    let own = |name: &str| spec.environment.iter().any(|(it, _)| it == name);
    let variables = OWNER_VARIABLES
        .into_iter()
        .flat_map(|(user, group)| [(user, owner.uid), (group, owner.gid)])
        .filter(|(name, _)| !own(name));
    Identity {
        user: Some("root".to_owned()),
        environment: variables.map(|(name, id)| (name.to_owned(), id.to_string())).collect(),
        ..Identity::default()
    }
}

/// Rootless Podman: the user of the host becomes the one that the image wants.
fn mapped(spec: &ContainerSpec, image: KnownImage<'_>, line: &CommandLine) -> Identity {
    let inside = match uid_of(&image.config.user) {
        Some(0) => return as_root(spec, image, line),
        Some(uid) => {
            let gid = match image.config.user.split_once(':') {
                Some((_, group)) => group.parse().ok(),
                None if line.is_docker_stack() => Some(STACK_GROUP),
                None => None,
            };
            Owner { uid, gid: gid.unwrap_or(uid) }
        }
        None => USUAL,
    };
    let Owner { uid, gid } = inside;
    let user_namespace = Some(format!("keep-id:uid={uid},gid={gid}"));
    Identity { user_namespace, ..as_person(spec, image, inside) }
}

fn as_root(spec: &ContainerSpec, image: KnownImage<'_>, line: &CommandLine) -> Identity {
    let mut identity = Identity { user: Some("0:0".to_owned()), ..Identity::default() };
    let has_home = |value: Option<&String>| value.is_some_and(|home| home.starts_with('/'));
    if !sets_home(spec) && !has_home(image.config.environment.get("HOME")) {
        match uid_of(&image.config.user) {
            Some(0) => identity.environment.push(("HOME".to_owned(), "/root".to_owned())),
            // Only the image knows where that is.
            _ => {
                let root = Owner { uid: 0, gid: 0 };
                identity.person = Some(person(spec, image, root));
            }
        }
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

fn as_person(spec: &ContainerSpec, image: KnownImage<'_>, owner: Owner) -> Identity {
    Identity {
        user: Some(format!("{}:{}", owner.uid, owner.gid)),
        person: Some(person(spec, image, owner)),
        ..Identity::default()
    }
}

fn person(spec: &ContainerSpec, image: KnownImage<'_>, owner: Owner) -> Person {
    Person::new(image.id, image.config, owner, spec.mount_project.as_deref())
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
