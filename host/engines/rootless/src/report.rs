//! What the engine says about itself.

use crate::contract::{
    Census, EngineFacts, EngineReport, EngineUsers, Examination, RunSpec, census,
};
use crate::domain::{EngineCommand, EngineCommands};
use crate::files::session_key::KeyFile;
use crate::rootless::Rootless;
use crate::runtime::Runtime;

/// What a start depends on.
pub(crate) fn facts() -> EngineFacts {
    EngineFacts {
        cpus: std::thread::available_parallelism().ok().map(|count| count.get() as u64),
        storage: "folders".to_owned(),
        limits_disk: false,
        no_gpu: Some("sessions without a container engine get no GPU yet".to_owned()),
        shares_network: true,
        // Every file of a session is its user's, whoever the image thinks it is.
        users: EngineUsers::Translated,
        users_of_copies: EngineUsers::Translated,
    }
}

/// What a person types.
pub(crate) const COMMANDS: EngineCommands = EngineCommands::new(|command| match command {
    EngineCommand::PullImage(image) => Some(format!("renku session pull {image}")),
    _ => None,
});

/// Asks about the engine, and for the sessions of the user with this key.
pub async fn examine(engine: &Rootless, key: &KeyFile) -> Examination {
    let (runtime, census) = tokio::join!(Runtime::find(), census(engine, key));
    let engine = runtime.map(|runtime| report(&runtime)).map_err(Into::into);
    let census = census.unwrap_or_else(|_| Census::default());
    Examination { tried: Vec::new(), engine, census }
}

fn report(runtime: &Runtime) -> EngineReport {
    EngineReport {
        address: "this computer".to_owned(),
        name: runtime.name().to_owned(),
        version: runtime.version().to_owned(),
        system: std::env::consts::OS.to_owned(),
        cpus: facts().cpus.unwrap_or_default(),
        rootless: true,
        cgroups: "none".to_owned(),
        storage: facts().storage,
        builder: "nothing",
        usage: "renku session image ls",
        root: Rootless::store().ok().map(|store| store.path().to_owned()),
        here: true,
        ..EngineReport::default()
    }
}

/// What would be made, as JSON.
pub(crate) fn request(run: &RunSpec) -> serde_json::Value {
    serde_json::to_value(run).unwrap_or_default()
}
