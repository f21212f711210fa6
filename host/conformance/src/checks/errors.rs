//! Errors have the kind that fits: exit status and advice follow from it.

use super::check::Check;
use super::checked::{Checked, failed, passed, skipped};
use crate::domain::ErrorKind;
use crate::fault::When;
use crate::kit::Kit;
use crate::sandbox::Capability;
use crate::world::World;
use crate::{engine, origin};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "engine-unavailable",
        title: "without an engine it is `unavailable`",
        reason: "the host then shows how to start one; an empty list would hide running sessions",
        needs: &["imports"],
        run: |kit| Box::pin(engine(kit, ErrorKind::Unavailable)),
    },
    Check {
        id: "engine-denied",
        title: "an engine that may not be used is `denied`",
        reason: "the exit status of a missing permission is 3",
        needs: &["imports"],
        run: |kit| Box::pin(engine(kit, ErrorKind::Denied)),
    },
    Check {
        id: "not-granted",
        title: "a missing permission is `denied`",
        reason: "a user may allow only some of the permissions; the host shows how to allow the rest",
        needs: &["imports"],
        run: |kit| Box::pin(not_granted(kit)),
    },
    Check {
        id: "login-missing",
        title: "HTTP 401 is `unauthenticated`",
        reason: "the exit status of a missing login is 3",
        needs: &["imports"],
        run: |kit| Box::pin(web(kit, origin::Trouble::Status(401), ErrorKind::Unauthenticated)),
    },
    Check {
        id: "access-denied",
        title: "HTTP 403 is `denied`",
        reason: "another login or a request to an administrator helps, trying again does not",
        needs: &["imports"],
        run: |kit| Box::pin(web(kit, origin::Trouble::Status(403), ErrorKind::Denied)),
    },
    Check {
        id: "server-error",
        title: "HTTP 500 is `unavailable`",
        reason: "the service is at fault, not the user",
        needs: &["imports"],
        run: |kit| Box::pin(web(kit, origin::Trouble::Status(500), ErrorKind::Unavailable)),
    },
    Check {
        id: "connection-cut",
        title: "a connection that is cut is `unavailable`",
        reason: "networks fail; an empty list would hide running sessions",
        needs: &["imports"],
        run: |kit| Box::pin(web(kit, origin::Trouble::Cut, ErrorKind::Unavailable)),
    },
    Check {
        id: "garbage-answer",
        title: "an answer from something else than the service is an error, not a crash",
        reason: "proxies and login pages answer with 200, too",
        needs: &["imports"],
        run: |kit| Box::pin(garbage(kit)),
    },
];

/// Lists and starts with an engine whose every call fails with `kind`.
async fn engine(kit: &Kit<'_>, kind: ErrorKind) -> Checked {
    let world = World::new(kit).await?;
    world.engine.trouble(When::Every, engine::Trouble::Fail(kind));
    let when = match kind {
        ErrorKind::Denied => "when the engine may not be used",
        _ => "when the engine cannot be reached",
    };
    let mut asked = false;
    let list = world.list().await;
    if !world.engine.calls().is_empty() {
        list.fails_with("a list", when, kind)?;
        asked = true;
    }
    world.engine.trouble(When::Every, engine::Trouble::Fail(kind));
    let start = world.start(world.request()).await;
    if !world.engine.calls().is_empty() {
        start.fails_with("a start", when, kind)?;
        asked = true;
    }
    if asked { passed() } else { Err(skipped("it does not use an engine")) }
}

/// Lists with nothing allowed. Questions and the repository are left out: a list
/// may do without them.
async fn not_granted(kit: &Kit<'_>) -> Checked {
    if !kit.imports(Capability::Containers) && !kit.imports(Capability::Http) {
        return Err(skipped("it uses neither containers nor a web service"));
    }
    let mut world = World::new(kit).await?;
    world.granted = false;
    let list = world.list().await;
    list.fails_with("a list", "when nothing was allowed", ErrorKind::Denied)?;
    passed()
}

/// Lists with a web service that is in `trouble`.
async fn web(kit: &Kit<'_>, trouble: origin::Trouble, kind: ErrorKind) -> Checked {
    let world = World::new(kit).await?;
    let Some(service) = &world.service else {
        return Err(skipped("it does not use a web service"));
    };
    service.trouble(When::Every, trouble);
    let list = world.list().await;
    if service.asked().is_empty() {
        return Err(skipped("its list does not use a web service"));
    }
    let when = match trouble {
        origin::Trouble::Status(status) => format!("when the service answers {status}"),
        _ => "when the connection is cut".to_owned(),
    };
    list.fails_with("a list", &when, kind)?;
    passed()
}

async fn garbage(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let Some(service) = &world.service else {
        return Err(skipped("it does not use a web service"));
    };
    service.trouble(When::Every, origin::Trouble::Garbage);
    let list = world.list().await;
    if service.asked().is_empty() {
        return Err(skipped("its list does not use a web service"));
    }
    match list.answered("a list whose answer is no JSON")? {
        Ok(_) => passed(),
        Err(error) if matches!(error.kind, ErrorKind::InvalidInput | ErrorKind::NotFound) => {
            let kind = error.kind.as_str();
            Err(failed(format!("a list whose answer is no JSON fails with `{kind}`: {error}")))
        }
        Err(_) => passed(),
    }
}
