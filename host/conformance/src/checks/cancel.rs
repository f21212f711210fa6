//! Ctrl-C.

use std::pin::pin;
use std::time::{Duration, Instant};

use super::check::Check;
use super::checked::{Checked, Not, failed, passed, skipped};
use crate::domain::ErrorKind;
use crate::fault::When;
use crate::kit::Kit;
use crate::world::{Done, World};

/// How long a provider may go on after the interrupt.
const LIMIT: Duration = Duration::from_secs(1);

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "cancel",
        title: "an interrupted start ends within 1 s, with `cancelled`, and can be taken back",
        reason: "every call fails with `cancelled` after Ctrl-C; a provider that passes that on ends at once",
        needs: &["created", "stop", "list-empty"],
        run: |kit| Box::pin(cancel(kit)),
    },
    Check {
        id: "cancel-list",
        title: "an interrupted list ends within 1 s, with `cancelled`",
        reason: "an engine or a service that does not answer must not block the user",
        needs: &["imports"],
        run: |kit| Box::pin(cancel_list(kit)),
    },
];

/// Interrupts a command as soon as it hangs, and gives what came of it, with the
/// time it took to end.
async fn interrupted<T>(
    world: &World<'_>,
    command: impl Future<Output = Done<T>>,
    never: &str,
) -> Result<(Done<T>, Duration), Not> {
    let mut command = pin!(command);
    tokio::select! {
        biased;
        () = world.hanging.notified() => {}
        done = &mut command => {
            world.explained(done.ok("it"))?;
            return Err(skipped(never));
        }
    }
    world.cancel.cancel();
    let begin = Instant::now();
    match tokio::time::timeout(LIMIT, command).await {
        Ok(done) => Ok((done, begin.elapsed())),
        Err(_) => Err(failed("1 s after the interrupt it has not ended")),
    }
}

async fn cancel_list(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    world.hang(When::Every);
    let (done, _) = interrupted(&world, world.list(), "its list makes no calls").await?;
    done.fails_with("a list", "when it was interrupted", ErrorKind::Cancelled)?;
    passed()
}

async fn cancel(kit: &Kit<'_>) -> Checked {
    let mut world = World::new(kit).await?;
    world.hang(When::Started);
    let never = "its start makes no more calls once the session exists";
    let (done, took) = interrupted(&world, world.start(world.request()), never).await?;
    let created = done.created.clone();
    done.fails_with("a start", "when it was interrupted", ErrorKind::Cancelled)?;
    world.heal();
    for name in created {
        world.stop(&name).await.ok("a stop after an interrupted start")?;
    }
    if let Some(kept) = world.engine.containers().first() {
        return Err(failed(format!("the container `{}` is left", kept.name)));
    }
    match world.listed().await?.first() {
        Some(left) => Err(failed(format!("`{}` is left", left.name))),
        None if took < Duration::from_millis(100) => passed(),
        None => Ok(format!("after {} ms", took.as_millis())),
    }
}
