//! What a person who looks for a fault wants to know about an engine.

use std::path::PathBuf;

use crate::{Attempt, Census, ContainersError};

/// What was found.
#[derive(Debug)]
pub struct Examination {
    /// Every address that was tried in vain before, in the order of trying.
    pub tried: Vec<Attempt>,
    /// The engine, or why there is none.
    pub engine: Result<EngineReport, ContainersError>,
    /// The sessions on it.
    pub census: Census,
}

/// An engine that answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineReport {
    pub address: String,
    /// `Docker Engine` or `Podman`.
    pub name: String,
    pub version: String,
    /// The newest version of the API that it speaks, and the oldest.
    pub api: (String, String),
    /// Operating system and architecture.
    pub system: String,
    pub cpus: u64,
    /// Memory in bytes.
    pub memory: u64,
    /// Whether it runs as an ordinary user.
    pub rootless: bool,
    /// Version and driver of control groups, such as `v2, systemd`.
    pub cgroups: String,
    /// Whether it can limit memory.
    pub limits_memory: bool,
    /// Whether it can limit CPU.
    pub limits_cpu: bool,
    /// Storage driver, and the file system under it.
    pub storage: String,
    /// Whether `--disk` can work.
    pub limits_disk: bool,
    /// What gives containers a GPU: runtimes, or directories of CDI devices.
    pub gpus: Vec<String>,
    /// What builds images.
    pub builder: &'static str,
    /// The command that shows what takes room.
    pub usage: &'static str,
    /// Where it keeps images and containers.
    pub root: Option<PathBuf>,
    /// Whether it runs on this very machine, so that `root` is a path here.
    pub here: bool,
}
