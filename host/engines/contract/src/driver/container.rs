//! Containers of an engine.

use std::collections::BTreeMap;

use crate::domain::Port;
use crate::{ContainerState, ContainersError, Reach, Schedule};

/// A container of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerRef {
    /// The engine's id.
    pub id: String,
    pub name: String,
}

/// A container as the engine knows it, whoever made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub container: ContainerRef,
    /// The name of its image.
    pub image: String,
    /// The id of its image, where the engine says it.
    pub image_id: Option<String>,
    pub state: ContainerState,
    pub labels: BTreeMap<String, String>,
    /// The ports that it publishes.
    pub ports: Vec<Port>,
    /// Whether and where it can be reached.
    pub reach: Reach,
    /// What it mounts of the engine's machine.
    pub mounts: Vec<String>,
    /// RFC 3339, UTC.
    pub created_at: Option<String>,
    /// Its exit status, once it ended.
    pub exit_code: Option<i32>,
    /// Whether memory ran out.
    pub out_of_memory: bool,
    /// Its variables; empty in a list.
    pub environment: Vec<(String, String)>,
    /// What a queue knows of it; nothing where there is none.
    pub schedule: Schedule,
    /// As whom its program was started; empty: as root, or in a list.
    pub user: String,
    /// Where its program began; empty: at the root, or in a list.
    pub working_directory: String,
}

/// A container that was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Created {
    /// The engine's id.
    pub id: String,
    /// What the engine wants to be known.
    pub warnings: Vec<String>,
    /// That it left something out which it was asked for, in its own words.
    pub discarded: Option<String>,
}

/// A container that was not made.
#[derive(Debug)]
pub struct NotCreated {
    pub error: ContainersError,
    /// Whether it surely does not exist: without an answer nobody knows.
    pub is_certain: bool,
}

/// What an engine cannot do of a container.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Each as the error that it is, unless the user is content with less.
    pub missing: Vec<ContainersError>,
    /// What the user should know about the rest.
    pub notes: Vec<String>,
}

/// An archive for a container.
#[derive(Debug)]
pub enum Archive {
    Bytes(Vec<u8>),
    /// In a file, read from its beginning.
    Spooled(std::fs::File),
}

/// A port of a container, and where it can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub container: ContainerRef,
    /// The port inside.
    pub port: u16,
    /// The address outside, on the engine's machine.
    pub host: String,
    /// The port outside.
    pub host_port: u16,
}

/// Nobody can ask: the port is out of reach from here, and the image has nothing to
/// ask with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blind;
