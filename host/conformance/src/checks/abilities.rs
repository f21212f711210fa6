//! What not every provider can do.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::check::Check;
use super::checked::{Checked, Not, failed, passed, skipped};
use crate::containers::LogSink;
use crate::domain::{ErrorKind, ProviderError, SessionStatus};
use crate::engine::LOG;
use crate::kit::Kit;
use crate::sandbox::{Ability, Capability};
use crate::world::{Done, World};

/// A name that no session has.
const UNKNOWN: &str = "conformance-unknown";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "pause",
        title: "a session can be paused and resumed, and the list shows it",
        reason: "the user believes the list",
        needs: &["list"],
        run: |kit| Box::pin(pause(kit)),
    },
    Check {
        id: "logs",
        title: "`session-logs` gives what the session printed, `tail` its end alone",
        reason: "it is how a user finds out why a session does not work",
        needs: &["start"],
        run: |kit| Box::pin(logs(kit)),
    },
    Check {
        id: "logs-end",
        title: "following the logs ends within 1 s of an interrupt",
        reason: "Ctrl-C is the only way to end it",
        needs: &["logs"],
        run: |kit| Box::pin(logs_end(kit)),
    },
    Check {
        id: "details",
        title: "`session-details` tells of sessions that exist, with times of RFC 3339",
        reason: "`ls` shows local times, and programs compute with them",
        needs: &["start"],
        run: |kit| Box::pin(details(kit)),
    },
];

fn can(kit: &Kit<'_>, ability: Ability, what: &str) -> Result<(), Not> {
    match kit.subject.sections.provides(ability) {
        true => Ok(()),
        false => Err(skipped(format!("it does not export {what}"))),
    }
}

async fn pause(kit: &Kit<'_>) -> Checked {
    can(kit, Ability::Hibernation, "`hibernation`")?;
    let world = World::new(kit).await?;
    let done = put_aside(&world, UNKNOWN).await;
    let when = "for a session that does not exist";
    world.explained(done.fails_with("`pause`", when, ErrorKind::NotFound))?;
    let name = world.started().await?.name;
    let done = put_aside(&world, &name).await;
    world.explained(done.ok("`pause`"))?;
    let aside = [SessionStatus::Paused, SessionStatus::Hibernated];
    is_listed(&world, &name, "paused", &aside).await?;
    let done = world.command(world.request(), async |instance| instance.resume(&name).await).await;
    world.explained(done.ok("`resume`"))?;
    let up = [SessionStatus::Running, SessionStatus::Starting];
    is_listed(&world, &name, "resumed", &up).await?;
    passed()
}

async fn put_aside(world: &World<'_>, name: &str) -> Done<Option<()>> {
    world.command(world.request(), async |instance| instance.pause(name).await).await
}

async fn is_listed(
    world: &World<'_>,
    name: &str,
    after: &str,
    allowed: &[SessionStatus],
) -> Result<(), Not> {
    let listed = world.listed().await?;
    match listed.iter().find(|it| it.name == name).map(|it| it.status) {
        Some(status) if allowed.contains(&status) => Ok(()),
        Some(status) => {
            Err(failed(format!("it was {after}, and is listed as {}", status.as_str())))
        }
        None => Err(failed(format!("it was {after}, and is not listed any more"))),
    }
}

/// Keeps what it gets.
#[derive(Default)]
struct Sink(Mutex<Vec<u8>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl LogSink for Sink {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(())
    }
}

async fn show(
    world: &World<'_>,
    name: &str,
    tail: Option<u32>,
    follow: bool,
) -> (Done<Option<()>>, String) {
    let sink = Arc::new(Sink::default());
    let into: Arc<dyn LogSink> = sink.clone();
    let done = world
        .command(world.request(), async |instance| {
            instance.session_logs(name, tail, follow, into).await
        })
        .await;
    (done, sink.text())
}

async fn logs(kit: &Kit<'_>) -> Checked {
    can(kit, Ability::Logs, "`logs`")?;
    let world = World::new(kit).await?;
    let (done, _) = show(&world, UNKNOWN, None, false).await;
    let when = "for a session that does not exist";
    world.explained(done.fails_with("`session-logs`", when, ErrorKind::NotFound))?;
    let name = world.started().await?.name;
    let (done, all) = show(&world, &name, None, false).await;
    world.explained(done.ok("`session-logs`"))?;
    if all.is_empty() {
        return Err(failed("it gives nothing"));
    }
    let (done, last) = show(&world, &name, Some(1), false).await;
    world.explained(done.ok("`session-logs` with a tail"))?;
    // Only of our own engine we know what was printed.
    if kit.imports(Capability::Containers) && world.engine.containers().len() == 1 {
        if let Some(line) = LOG.iter().find(|line| !all.contains(**line)) {
            return Err(failed(format!("the line `{line}` is missing")));
        }
        if last.lines().filter(|line| LOG.contains(line)).count() > 1 {
            return Err(failed("it printed more than the last line, although one was requested"));
        }
    }
    passed()
}

async fn logs_end(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let name = world.started().await?.name;
    let following = pin!(show(&world, &name, None, true));
    let mut following = following;
    tokio::select! {
        (done, _) = &mut following => {
            world.explained(done.ok("following the logs"))?;
            return passed();
        }
        () = world.hanging.notified() => {}
        () = tokio::time::sleep(Duration::from_millis(500)) => {}
    }
    world.cancel.cancel();
    match tokio::time::timeout(Duration::from_secs(1), following).await {
        Err(_) => Err(failed("1 s after the interrupt it has not ended")),
        Ok((done, _)) => match done.answered("following the logs")? {
            Ok(_) => passed(),
            Err(error) if error.kind == ErrorKind::Cancelled => passed(),
            Err(error) => {
                let kind = error.kind.as_str();
                Err(failed(format!("interrupted, it failed with `{kind}`: {error}")))
            }
        },
    }
}

async fn details(kit: &Kit<'_>) -> Checked {
    can(kit, Ability::Details, "`details`")?;
    let world = World::new(kit).await?;
    let asked = [world.started().await?.name, UNKNOWN.to_owned()];
    let done = world
        .command(world.request(), async |instance| instance.session_details(&asked).await)
        .await;
    let told = world.explained(done.ok("`session-details`"))?.unwrap_or_default();
    for (session, details) in &told {
        if session == UNKNOWN && !details.is_empty() {
            return Err(failed("it tells details of a session that does not exist"));
        }
        let times = [&details.expected_start, &details.expected_end];
        let wrong = times.into_iter().flatten().find(|time| time.parse::<Timestamp>().is_err());
        if let Some(time) = wrong {
            return Err(failed(format!("it gives the time `{time}`")));
        }
    }
    passed()
}
