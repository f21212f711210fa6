//! What stands between the host and whatever runs containers.
//!
//! A provider states what it wants ([`ContainerSpec`]); this room decides what an
//! engine gets ([`RunSpec`]), once for all engines: [`Containers`] answers the
//! provider ([`ContainerCalls`]) and the host ([`HostEngine`]) over a [`Driver`], which
//! is mechanism alone. See `wit/v0.1/containers.wit` for the promises. Every call may
//! be dropped in the middle; [`Containers::remove_created`] cleans up.
//!
//! Imports `domain`, `files`, `registry` and `images`.

use renku_session_domain as domain;
use renku_session_files as files;
use renku_session_images as images;
use renku_session_registry as registry;

mod calls;
mod containers;
mod driver;
mod engines;
mod errors;
mod examination;
mod host;
mod options;
mod policy;
mod tail;
mod task;
mod types;

pub use calls::{ContainerCalls, Pending};
pub use containers::{Census, Containers, Glimpse, Resident, Withheld, census, glance, in_time};
pub use driver::{
    Archive, Blind, Building, ContainerRef, Created, Door, Driver, EngineFacts, Filter, Found,
    Gaps, ListedImage, ListedVolume, LocalImage, NamedImage, NotCreated,
};
pub use engines::Engines;
pub use errors::{Attempt, ContainersError, ReachError};
pub use examination::{EngineReport, Examination};
pub use host::{Asked, Engine, EnginePlace, HostEngine, Tunnel};
pub use images::{
    ImageConfig, ImageError, ImageOptions, OwnImage, ProjectImage, Pull, Recipe, built_from,
};
pub use options::{
    Caller, Device, EngineOption, EngineOptions, GivenIn, HostPort, Isolation, OptionError,
    Published, Reach, RunOptions, Typed, Ulimit, Volume, WrittenOption, all as engine_options,
    find as engine_option,
};
pub use policy::{
    Admitted, Decided, EngineUsers, GrantLimits, Home, Known, MountedFiles, ProjectMount, RunSpec,
    admit, decide, volume_of,
};
pub use tail::last_lines;
pub use task::Task;
pub use types::{
    ContainerInfo, ContainerSpec, ContainerState, CopiedProject, LeftCopy, LogSink, Probe,
    ProjectCopy, ProjectFiles, ProjectScope, RunAs, Scope,
};

/// Checks the name of an image, without asking anybody whether it exists.
///
/// # Errors
///
/// [`ImageError::InvalidImageName`].
pub fn check_image_name(image: &str) -> Result<(), ContainersError> {
    crate::registry::ImageReference::parse(image)?;
    Ok(())
}

/// Checks what a provider wants started, as far as that needs no engine.
///
/// # Errors
///
/// One of the `Invalid…` errors, or [`ContainersError::ReservedLabel`].
pub fn check_spec(spec: &ContainerSpec) -> Result<(), ContainersError> {
    policy::check(spec)
}
