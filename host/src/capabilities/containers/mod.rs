//! Containers of the engine that the user chose, bounded by policy.
//!
//! A provider states what it wants ([`ContainerSpec`]); this room decides what
//! the engine is told. See `wit/v0.1/containers.wit` for the promises.

mod types;

pub use types::{
    ContainerInfo, ContainerSpec, ContainerState, ImageConfig, LogSink, Probe, ProjectScope, RunAs,
    Scope,
};
