//! The life of a session: start, list, open, stop.

use std::sync::Arc;

use url::Url;

use super::check::Check;
use super::checked::{Checked, failed, passed, skipped};
use crate::domain::{ErrorKind, ProviderError, SessionStatus, is_plain_name};
use crate::engine;
use crate::fault::When;
use crate::kit::Kit;
use crate::project::Namesake;
use crate::sandbox::{Capability, Request};
use crate::world::World;

/// A name that no session has.
const UNKNOWN: &str = "conformance-unknown";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "list-empty",
        title: "before a start, `session-list` is empty",
        reason: "the user would be offered sessions that do not exist",
        needs: &["imports"],
        run: |kit| Box::pin(list_empty(kit)),
    },
    Check {
        id: "start",
        title: "`session-start` gives a session that runs",
        reason: "the user waits until it answers, and opens it next",
        needs: &["imports"],
        run: |kit| Box::pin(start(kit)),
    },
    Check {
        id: "list",
        title: "a session that was started is listed",
        reason: "`open`, `stop` and `logs` find sessions through the list",
        needs: &["start"],
        run: |kit| Box::pin(list(kit)),
    },
    Check {
        id: "url",
        title: "`session-url` is a whole URL",
        reason: "it is given to the browser as it is",
        needs: &["start"],
        run: |kit| Box::pin(url(kit)),
    },
    Check {
        id: "stop",
        title: "`session-stop` answers true, and the session is gone",
        reason: "a user who stops a session stops paying for it",
        needs: &["start"],
        run: |kit| Box::pin(stop(kit)),
    },
    Check {
        id: "stop-twice",
        title: "a second stop answers false or `not-found`",
        reason: "scripts stop sessions that are already gone, and clean-up stops twice",
        needs: &["stop"],
        run: |kit| Box::pin(stop_twice(kit)),
    },
    Check {
        id: "stop-all",
        title: "`--all` stops every session",
        reason: "one that is left goes on using the machine",
        needs: &["stop", "list-empty"],
        run: |kit| Box::pin(stop_all(kit)),
    },
    Check {
        id: "stop-nothing",
        title: "`--all` without sessions answers false",
        reason: "with nothing to stop the wish is fulfilled: no error",
        needs: &["list-empty"],
        run: |kit| Box::pin(stop_nothing(kit)),
    },
    Check {
        id: "unknown-session",
        title: "an unknown session is `not-found`",
        reason: "the host then names the sessions there are",
        needs: &["imports"],
        run: |kit| Box::pin(unknown_session(kit)),
    },
    Check {
        id: "error-words",
        title: "the message of an error is one line",
        reason: "the person at the terminal sees nothing else",
        needs: &["unknown-session"],
        run: |kit| Box::pin(error_words(kit)),
    },
    Check {
        id: "all-projects",
        title: "`session-list` works without a project",
        reason: "`--all-projects` lists the sessions of every project, from anywhere",
        needs: &["list"],
        run: |kit| Box::pin(all_projects(kit)),
    },
    Check {
        id: "two-projects",
        title: "another project of the same name has sessions of its own",
        reason: "`project.name` is the name of a folder, and `stop --all` in one would end what runs for the other: \
                 compare `project.id`",
        needs: &["start"],
        run: |kit| Box::pin(two_projects(kit)),
    },
    Check {
        id: "no-wait",
        title: "a start with `--no-wait` does not wait",
        reason: "`--no-wait` is for scripts that go on at once",
        needs: &["start"],
        run: |kit| Box::pin(no_wait(kit)),
    },
];

async fn list_empty(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    match world.listed().await?.first() {
        None => passed(),
        Some(session) => {
            Err(failed(format!("it lists `{}`, which was never started", session.name)))
        }
    }
}

async fn start(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let session = world.started().await?;
    if !is_plain_name(&session.name) {
        return Err(failed(format!("`{}` is not a valid name", session.name)));
    }
    if session.status != SessionStatus::Running {
        let status = session.status.as_str();
        return Err(failed(format!("it reports the session as {status}, although it was to wait")));
    }
    passed()
}

async fn list(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let started = world.started().await?;
    let listed = world.listed().await?;
    match listed.iter().filter(|it| it.name == started.name).collect::<Vec<_>>().as_slice() {
        [] => Err(failed(format!("`{}` was started but is not listed", started.name))),
        [session] if session.status == SessionStatus::Running => passed(),
        [session] => Err(failed(format!(
            "`{}` is running, but listed as {}",
            session.name,
            session.status.as_str()
        ))),
        _ => Err(failed(format!("`{}` is listed twice", started.name))),
    }
}

async fn url(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let session = world.started().await?;
    let done = world.url(&session.name).await;
    let text = world.explained(done.ok("`session-url`"))?;
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => passed(),
        _ => Err(failed(format!("`{text}` is not a web address"))),
    }
}

async fn stop(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let session = world.started().await?;
    let done = world.stop(&session.name).await;
    if !world.explained(done.ok("a stop"))? {
        return Err(failed("it answered false, although there was a session to stop"));
    }
    if let Some(kept) = world.engine.containers().first() {
        return Err(failed(format!("the container `{}` is still there", kept.name)));
    }
    let listed = world.listed().await?;
    match listed.iter().find(|it| it.name == session.name) {
        Some(left) if left.status != SessionStatus::Stopping => {
            Err(failed(format!("`{}` is still listed, as {}", left.name, left.status.as_str())))
        }
        _ => passed(),
    }
}

async fn stop_twice(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let session = world.started().await?;
    let done = world.stop(&session.name).await;
    world.explained(done.ok("a stop"))?;
    let done = world.stop(&session.name).await;
    world.explained(nothing_stopped(done.answered("a second stop")?, "a second stop"))
}

/// A stop that had nothing to do.
fn nothing_stopped(answer: Result<bool, ProviderError>, what: &str) -> Checked {
    match answer {
        Ok(false) => passed(),
        Ok(true) => {
            Err(failed(format!("{what} answered true, although there was nothing to stop")))
        }
        Err(error) if error.kind == ErrorKind::NotFound => passed(),
        Err(error) => {
            let kind = error.kind.as_str();
            Err(failed(format!("{what} fails with `{kind}`: {error}")))
        }
    }
}

async fn stop_all(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    world.started().await?;
    // A scripted web service knows one session; an engine takes two.
    if kit.imports(Capability::Containers) {
        let second = world.start(world.request()).await;
        second.answered("a second start")?.ok();
    }
    let done = world.stop_all().await;
    if !world.explained(done.ok("`--all`"))? {
        return Err(failed("it answered false, although there were sessions"));
    }
    let left = world.listed().await?;
    match left.iter().find(|it| it.status != SessionStatus::Stopping) {
        Some(session) => Err(failed(format!("`{}` is still listed", session.name))),
        None => passed(),
    }
}

async fn stop_nothing(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let done = world.stop_all().await;
    match world.explained(done.ok("`--all`"))? {
        false => passed(),
        true => Err(failed("it answered true, although there was nothing to stop")),
    }
}

async fn unknown_session(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let done = world.url(UNKNOWN).await;
    let when = "for a session that does not exist";
    world.explained(done.fails_with("`session-url`", when, ErrorKind::NotFound))?;
    passed()
}

async fn error_words(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let Err(error) = world.url(UNKNOWN).await.answered("`session-url`")? else {
        return Err(skipped("it fails with no error"));
    };
    let text = error.message.trim();
    if text.is_empty() {
        return Err(failed("the message of its `not-found` is empty"));
    }
    match text.contains(['\n', '\r']) {
        true => {
            Err(failed("the message of its `not-found` has several lines; `causes` are for that"))
        }
        false => passed(),
    }
}

async fn all_projects(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let session = world.started().await?;
    let request = Request { project: None, project_root: None, ..world.request() };
    let done = world.command(request, async |instance| instance.session_list().await).await;
    let listed = world.explained(done.ok("a list of all projects"))?;
    match listed.iter().any(|it| it.name == session.name) {
        true => passed(),
        false => Err(failed(format!("`{}` is not listed without a project", session.name))),
    }
}

/// Nothing was started there.
async fn two_projects(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    world.started().await?;
    let elsewhere = Request { project: Some(Arc::new(Namesake)), ..world.request() };
    let done = world.command(elsewhere, async |instance| instance.session_list().await).await;
    match done.answered("a list in another project")? {
        Ok(listed) => match listed.first() {
            None => passed(),
            Some(session) => Err(failed(format!("it lists `{}` there", session.name))),
        },
        // The service may know no other.
        Err(error) => Err(skipped(format!("it lists none in another project: {error}"))),
    }
}

async fn no_wait(kit: &Kit<'_>) -> Checked {
    if !kit.imports(Capability::Containers) {
        return Err(skipped("it starts no containers"));
    }
    let world = World::new(kit).await?;
    world.engine.trouble(When::Only("wait-ready"), engine::Trouble::Hang);
    let request = Request { wait_timeout: None, ..world.request() };
    tokio::select! {
        done = world.start(request) => done.ok("a start without waiting").map(|_| String::new()),
        () = world.hanging.notified() => Err(failed("it waits for the session (`wait-ready`)")),
    }
}
