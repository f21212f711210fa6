//! What the engine says about itself.

use std::path::PathBuf;

use serde_json::json;

use crate::contract::{EngineFacts, EngineReport, EngineUsers, RunSpec};
use crate::domain::{EngineCommand, EngineCommands, Gpu};

/// What a start depends on: a small machine without GPUs and quotas.
pub(crate) fn facts() -> EngineFacts {
    EngineFacts {
        cpus: Some(8),
        storage: "memory".into(),
        limits_disk: false,
        no_gpu: Some("an engine in memory has none".into()),
        shares_network: true,
        users: EngineUsers::Same,
        users_of_copies: EngineUsers::Same,
    }
}

/// What a person types to do something with it: nothing real.
pub(crate) const COMMANDS: EngineCommands = EngineCommands::new(|command| match command {
    EngineCommand::RemoveContainers => Some("memory rm".to_owned()),
    EngineCommand::PullImage(image) => Some(format!("memory pull {image}")),
    EngineCommand::LogIn(Some(registry)) => Some(format!("memory login {registry}")),
    _ => None,
});

/// For a person who looks for a fault.
pub(crate) fn report() -> EngineReport {
    EngineReport {
        address: "memory".into(),
        name: "Engine in memory".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        api: ("1".into(), "1".into()),
        system: "memory".into(),
        cpus: facts().cpus.unwrap_or_default(),
        memory: 16 << 30,
        rootless: false,
        cgroups: "none".into(),
        limits_memory: true,
        limits_cpu: true,
        storage: facts().storage,
        limits_disk: false,
        gpus: Vec::new(),
        builder: "a reader of Dockerfiles",
        usage: "memory df",
        root: None::<PathBuf>,
        here: true,
    }
}

/// The request for a container, as JSON.
pub(crate) fn request(run: &RunSpec) -> serde_json::Value {
    let ports = run.ports.iter().map(|port| {
        json!({ "container": port.container, "host": port.host.port, "address": port.host.address })
    });
    json!({
        "name": run.name,
        "image": run.image,
        "entrypoint": run.entrypoint,
        "command": run.command,
        "working_directory": run.working_directory,
        "user": run.user,
        "environment": run.environment,
        "labels": run.labels,
        "ports": ports.collect::<Vec<_>>(),
        "project": run.project.as_ref().map(|project| &project.target),
        "resources": {
            "cpu": run.resources.cpu,
            "memory": run.resources.memory,
            "disk": run.resources.disk,
            "gpu": run.resources.gpu.as_ref().map(|gpu| match gpu {
                Gpu::Count(count) => count.to_string(),
                Gpu::All => "all".to_owned(),
                Gpu::Devices(devices) => devices.join(","),
            }),
        },
        "options": run.options,
    })
}
