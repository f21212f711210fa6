//! Providers that start containers: what the user asked for gets there.

use renku_session_memory::Container;

use super::check::Check;
use super::checked::{Checked, failed, passed, skipped};
use crate::domain::{ErrorKind, ImageState, Resources, SessionStatus};
use crate::engine::{ABSENT, PRIVATE, REMOTE};
use crate::kit::Kit;
use crate::project::IMAGE;
use crate::sandbox::{Capability, Request};
use crate::world::World;

/// The name that the user wants.
const NAME: &str = "conformance-named";

/// The image that is built.
const BUILT: &str = "conformance/built:1";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "two-sessions",
        title: "two starts make two sessions",
        reason: "without `--name` the provider finds a free name",
        needs: &["start"],
        run: |kit| Box::pin(two_sessions(kit)),
    },
    Check {
        id: "name",
        title: "`--name` is the name of the session",
        reason: "the user will type it again",
        needs: &["start"],
        run: |kit| Box::pin(name(kit)),
    },
    Check {
        id: "resources",
        title: "`--cpu` and `--memory` reach the container, or are an error",
        reason: "a limit that is silently ignored is worse than an error",
        needs: &["start"],
        run: |kit| Box::pin(resources(kit)),
    },
    Check {
        id: "find-image",
        title: "`find-image` distinguishes local, remote, absent and inaccessible images",
        reason: "the host pulls, builds or asks for a login, depending on it",
        needs: &["imports"],
        run: |kit| Box::pin(find_image(kit)),
    },
    Check {
        id: "build-image",
        title: "`build-image` builds under the requested name",
        reason: "the user confirmed that name: the host refuses any other, another Dockerfile, and \
                 builds outside of `build-image`",
        needs: &["imports"],
        run: |kit| Box::pin(build_image(kit)),
    },
    Check {
        id: "early-end",
        title: "a session whose program ends at once is a failure",
        reason: "it has no ports any more, but the start must not take that for ready",
        needs: &["start"],
        run: |kit| Box::pin(early_end(kit)),
    },
    Check {
        id: "ended-session",
        title: "a session that crashed is listed as such, and can be stopped",
        reason: "it hides no other session, and can be removed",
        needs: &["list", "stop"],
        run: |kit| Box::pin(ended_session(kit)),
    },
];

/// The world of a provider that has containers.
async fn world<'a>(kit: &'a Kit<'a>) -> Result<World<'a>, super::Not> {
    if !kit.imports(Capability::Containers) {
        return Err(skipped("it starts no containers"));
    }
    World::new(kit).await
}

async fn two_sessions(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    let first = world.started().await?;
    let second = world.start(world.request()).await.ok("a second start")?;
    match first.name == second.name {
        true => Err(failed(format!("both are called `{}`", first.name))),
        false => passed(),
    }
}

async fn name(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    let request = Request { session_name: Some(NAME.into()), ..world.request() };
    match world.start(request).await.answered("a start with `--name`")? {
        Ok(session) if session.name == NAME => passed(),
        Ok(session) => Err(failed(format!("it should be `{NAME}`, but is `{}`", session.name))),
        Err(error) if error.kind == ErrorKind::Unsupported => passed(),
        Err(error) => Err(failed(format!("a start with `--name {NAME}` failed: {error}"))),
    }
}

async fn resources(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    let asked = Resources { cpu: Some(1.5), memory: Some(3 << 30), ..Resources::default() };
    let request = Request { resources: asked.clone(), ..world.request() };
    match world.start(request).await.answered("a start with `--cpu` and `--memory`")? {
        Err(error) if error.kind == ErrorKind::Unsupported => passed(),
        Err(error) => Err(failed(format!("a start with `--cpu` and `--memory` failed: {error}"))),
        Ok(_) => {
            let kept = world.engine.containers();
            let is_less = |got: &&Container| (got.cpus, got.memory) != (asked.cpu, asked.memory);
            match kept.iter().find(is_less) {
                Some(got) => Err(failed(format!(
                    "1.5 CPUs and 3 GiB were requested, but the container gets {} and {}",
                    got.cpus.map_or("no limit".into(), |cpu| format!("{cpu} CPUs")),
                    got.memory.map_or("no limit".into(), |bytes| format!("{bytes} bytes")),
                ))),
                None if kept.is_empty() => Err(skipped("it started no container")),
                None => passed(),
            }
        }
    }
}

async fn find_image(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    let mut asked = false;
    for (image, expected) in [
        (IMAGE, ImageState::Local),
        (REMOTE, ImageState::Remote),
        (ABSENT, ImageState::Absent),
        (PRIVATE, ImageState::Inaccessible),
    ] {
        world.engine.heal();
        let done =
            world.command(world.request(), async |instance| instance.find_image(image).await).await;
        let found = done.ok("`find-image`")?;
        asked |= !world.engine.calls().is_empty();
        if asked && found != expected {
            return Err(failed(format!(
                "`{image}` is {}, but it reports {}",
                expected.as_str(),
                found.as_str()
            )));
        }
    }
    if asked { passed() } else { Err(skipped("it does not use the engine for images")) }
}

async fn build_image(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    let done = world
        .command(world.request(), async |instance| instance.build_image("Dockerfile", BUILT).await)
        .await;
    match done.answered("`build-image`")? {
        Err(error) if error.kind == ErrorKind::Unsupported => {
            Err(skipped("it declares that it builds no images"))
        }
        Err(error) => Err(failed(format!("`build-image` failed: {error}"))),
        // Under another name nothing is built.
        Ok(()) if world.engine.images().is_empty() => {
            Err(failed("it reports a build, but called no builder"))
        }
        Ok(()) => passed(),
    }
}

async fn early_end(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    world.engine.end_all();
    match world.start(world.request()).await.answered("a start whose program ends")? {
        Err(_) => passed(),
        Ok(_) if world.engine.containers().is_empty() => Err(skipped("it started no container")),
        Ok(session) => Err(failed(format!(
            "it reports the session as {}, but its program has ended",
            session.status.as_str()
        ))),
    }
}

async fn ended_session(kit: &Kit<'_>) -> Checked {
    let world = world(kit).await?;
    let session = world.started().await?;
    world.engine.end_all();
    let listed = world.list().await.ok("a list with a session that crashed")?;
    match listed.iter().find(|it| it.name == session.name) {
        None => return Err(failed("it is not listed any more")),
        Some(ended) if ended.status == SessionStatus::Running => {
            return Err(failed("it is listed as running"));
        }
        Some(_) => {}
    }
    world.stop(&session.name).await.ok("stopping a session that crashed")?;
    match world.engine.containers().is_empty() {
        true => passed(),
        false => Err(failed("its container is left after a stop")),
    }
}
