//! What the engine says about itself.

use crate::contract::{
    Census, EngineFacts, EngineReport, EngineUsers, Examination, RunSpec, census,
};
use crate::domain::EngineCommands;
use crate::files::session_key::KeyFile;
use crate::group::Delegated;
use crate::rootless::Rootless;
use crate::runtime::Working;
use crate::scope;

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
pub(crate) const COMMANDS: EngineCommands = EngineCommands::new(|_| None);

/// Asks about the engine, and for the sessions of the user with this key.
pub async fn examine(engine: &Rootless, key: &KeyFile) -> Examination {
    let (working, census) = tokio::join!(engine.working(None), census(engine, key));
    let engine = working.map(|working| report(&working)).map_err(Into::into);
    let census = census.unwrap_or_else(|_| Census::default());
    Examination { tried: Vec::new(), engine, census }
}

fn report(working: &Working) -> EngineReport {
    let limits = scope::is_here() || Delegated::own().is_some_and(|group| group.can_limit());
    EngineReport {
        address: "this computer".to_owned(),
        name: working.runtime.name().to_owned(),
        version: working.version.clone(),
        system: std::env::consts::OS.to_owned(),
        cpus: facts().cpus.unwrap_or_default(),
        memory: memory(),
        rootless: true,
        limits_memory: limits,
        limits_cpu: limits,
        cgroups: match (scope::is_here(), Delegated::own()) {
            (true, _) => "v2, systemd".to_owned(),
            (false, Some(_)) => "v2, a group of yours".to_owned(),
            (false, None) => "none".to_owned(),
        },
        storage: facts().storage,
        builder: "nothing",
        usage: "renku session image ls",
        root: Rootless::store().ok().map(|store| store.path().to_owned()),
        here: true,
        ..EngineReport::default()
    }
}

/// How much this computer has, in bytes.
fn memory() -> u64 {
    let system = rustix::system::sysinfo();
    system.totalram.saturating_mul(u64::from(system.mem_unit))
}

/// What would be made, as JSON.
pub(crate) fn request(run: &RunSpec) -> serde_json::Value {
    serde_json::to_value(run).unwrap_or_default()
}
