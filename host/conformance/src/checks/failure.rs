//! What is left when a start fails half-way.

use super::check::Check;
use super::checked::{Checked, Not, failed, passed};
use crate::domain::ErrorKind;
use crate::fault::When;
use crate::kit::Kit;
use crate::world::World;
use crate::{engine, origin};

/// The most calls of a start that are made to fail, one after the other.
const MOST: usize = 40;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "created",
        title: "`created` is reported for everything that a start creates",
        reason: "an interrupted or failed start undoes what was reported, and nothing else",
        needs: &["start"],
        run: |kit| Box::pin(created(kit)),
    },
    Check {
        id: "failed-start",
        title: "a start that fails leaves nothing that cannot be stopped",
        reason: "each call of a start is made to fail once; what is left would run on unseen",
        needs: &["created", "stop", "list-empty"],
        run: |kit| Box::pin(failed_start(kit)),
    },
];

async fn created(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let done = world.start(world.request()).await;
    let announced = done.created.clone();
    let session = done.ok("a start")?;
    if announced.contains(&session.name) {
        return passed();
    }
    Err(failed(match announced.as_slice() {
        [] => format!("`{}` exists, and `created` was never called", session.name),
        other => format!("`{}` exists, and created was called for {other:?}", session.name),
    }))
}

async fn failed_start(kit: &Kit<'_>) -> Checked {
    let mut world = World::new(kit).await?;
    world.heal();
    let session = world.started().await?;
    let calls = world.engine.calls();
    let requests = world.service.as_ref().map(|it| it.asked()).unwrap_or_default();
    world.stop(&session.name).await.ok("a stop")?;
    let mut tried = 0;
    for (number, call) in calls.iter().enumerate().take(MOST) {
        world.heal();
        let unavailable = engine::Trouble::Fail(ErrorKind::Unavailable);
        world.engine.trouble(When::Nth(number), unavailable);
        nothing_left(&mut world, call).await?;
        tried += 1;
    }
    for (number, request) in requests.iter().enumerate().take(MOST) {
        world.heal();
        if let Some(service) = &world.service {
            service.trouble(When::Nth(number), origin::Trouble::Status(500));
        }
        nothing_left(&mut world, request).await?;
        tried += 1;
    }
    Ok(format!("{tried} ways to fail"))
}

/// Starts while the call `failing` fails, takes back what was created, and looks.
async fn nothing_left(world: &mut World<'_>, failing: &str) -> Result<(), Not> {
    let done = world.start(world.request()).await;
    let mut created = done.created.clone();
    let what = format!("a start whose `{failing}` fails");
    // It may well do without that call.
    if let Ok(session) = done.answered(&what)? {
        created.push(session.name);
    }
    world.heal();
    for name in created {
        let stopped = world.stop(&name).await.answered(&format!("a stop after {what}"))?;
        if let Err(error) = stopped.map(drop)
            && error.kind != ErrorKind::NotFound
        {
            return Err(failed(format!("after {what}, `{name}` cannot be stopped: {error}")));
        }
    }
    if let Some(kept) = world.engine.containers().first() {
        return Err(failed(format!("after {what}, the container `{}` is left", kept.name)));
    }
    match world.listed().await?.first() {
        Some(left) => Err(failed(format!("after {what}, `{}` is left", left.name))),
        None => Ok(()),
    }
}
