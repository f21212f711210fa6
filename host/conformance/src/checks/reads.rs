//! What only looks.

use super::check::Check;
use super::checked::{Checked, Not, failed, passed, skipped};
use crate::kit::Kit;
use crate::project::IMAGE;
use crate::sandbox::{Capability, Effect, Function};
use crate::world::World;

pub(super) const CHECKS: &[Check] = &[Check {
    id: "reads-only",
    title: "calls that only read change nothing",
    reason: "`ls` and `open` run at any time, and nobody expects a container to start or stop",
    needs: &["list", "url"],
    run: |kit| Box::pin(reads_only(kit)),
}];

async fn reads_only(kit: &Kit<'_>) -> Checked {
    if !kit.imports(Capability::Containers) {
        return Err(skipped("it starts no containers"));
    }
    let world = World::new(kit).await?;
    let name = world.started().await?.name;
    let request = || world.request();
    world.engine.heal();
    let _ = world.list().await.answered("a list")?;
    changes_nothing(&world, "session-list")?;
    let _ = world.url(&name).await.answered("`session-url`")?;
    changes_nothing(&world, "session-url")?;
    let found = world.command(request(), async |it| it.find_image(IMAGE).await).await;
    let _ = found.answered("`find-image`")?;
    changes_nothing(&world, "find-image")?;
    let checked = world.command(request(), async |it| it.pre_start_checks(Some(IMAGE)).await).await;
    let _ = checked.answered("`pre-start-checks`")?;
    changes_nothing(&world, "pre-start-checks")?;
    passed()
}

/// Looks whether the engine got a call that changes something, as the table of functions has
/// it.
fn changes_nothing(world: &World<'_>, call: &str) -> Result<(), Not> {
    let interface = Capability::Containers.as_str();
    let may_change =
        |name: &&str| Function::find(interface, name).is_none_or(|it| it.effect == Effect::Changes);
    match world.engine.calls().iter().find(|name| may_change(name)) {
        Some(name) => Err(failed(format!("`{call}` calls `{interface}.{name}`"))),
        None => Ok(()),
    }
}
