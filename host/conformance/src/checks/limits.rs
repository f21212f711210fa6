//! What a provider uses of the machine.

use std::time::Duration;

use super::check::Check;
use super::checked::{Checked, Not, failed};
use crate::kit::Kit;
use crate::sandbox::{Capability, Usage, limits};
use crate::world::World;

/// How many sessions are listed, where the engine is ours.
const SESSIONS: usize = 200;

/// What of the memory is for worse days.
const MEMORY: usize = limits::MEMORY_BYTES / 4 * 3;

/// CPU time on this machine; the limit is for slower ones.
const CPU: Duration = Duration::from_secs(1);

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "memory",
        title: "a start, and a list of 200 sessions, need at most 48 MiB of memory",
        reason: "at 64 MiB a provider is ended",
        needs: &["start"],
        run: |kit| Box::pin(memory(kit)),
    },
    Check {
        id: "cpu",
        title: "a start, and a list of 200 sessions, use at most 1 s of CPU time",
        reason: "after 5 s a provider is ended, and other machines are slower",
        needs: &["start"],
        run: |kit| Box::pin(cpu(kit)),
    },
];

async fn memory(kit: &Kit<'_>) -> Checked {
    let (start, list) = used(kit).await?;
    let most = start.memory.max(list.memory);
    let figure = format!("{:.1} MiB", most as f64 / f64::from(1 << 20));
    if most > MEMORY { Err(failed(format!("it takes {figure}"))) } else { Ok(figure) }
}

async fn cpu(kit: &Kit<'_>) -> Checked {
    let (start, list) = used(kit).await?;
    let most = start.cpu.max(list.cpu);
    let figure = format!("{:.1} ms", most.as_secs_f64() * 1000.0);
    if most > CPU { Err(failed(format!("it used {figure} of CPU time"))) } else { Ok(figure) }
}

/// What a start and a list use.
async fn used(kit: &Kit<'_>) -> Result<(Usage, Usage), Not> {
    let world = World::new(kit).await?;
    let start = world.start(world.request()).await;
    let of_start = start.usage;
    start.ok("a start")?;
    if kit.imports(Capability::Containers) {
        world.engine.multiply(SESSIONS - 1);
    }
    let list = world.list().await;
    let of_list = list.usage;
    list.ok("a list")?;
    Ok((of_start, of_list))
}
