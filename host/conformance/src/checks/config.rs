//! What is unusual and allowed: configurations that no sensible person writes, and
//! a project that was just made.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::check::Check;
use super::checked::{Checked, Not, failed, passed, skipped};
use crate::domain::{ProjectFacts, is_plain_name};
use crate::kit::Kit;
use crate::project::Bare;
use crate::sandbox::Request;
use crate::values;
use crate::world::World;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "config",
        title: "it does not crash on any configuration that its schema allows",
        reason: "the host refuses everything else; the provider reports errors in words",
        needs: &["start", "stop"],
        run: |kit| Box::pin(config(kit)),
    },
    Check {
        id: "bare-project",
        title: "it does not crash on a project without commit, branch and author",
        reason: "every project begins like that; if the provider needs them, it reports an error in words",
        needs: &["start"],
        run: |kit| Box::pin(bare_project(kit)),
    },
    Check {
        id: "plain-name",
        title: "session names can be typed, whatever the project is called",
        reason: "the user copies them into commands; other names are shown with escapes, and only `stop --all` accepts them",
        needs: &["bare-project"],
        run: |kit| Box::pin(plain_name(kit)),
    },
];

async fn config(kit: &Kit<'_>) -> Checked {
    let schema = kit.subject.schema;
    let tried = values::extreme(schema, &kit.config);
    if tried.is_empty() {
        return Err(skipped("it has no configuration"));
    }
    let world = World::new(kit).await?;
    for config in &tried {
        survives(&world, config).await.map_err(|not| match not {
            Not::Failed(how) => Not::Failed(format!("with {}: {how}", difference(kit, config))),
            Not::Skipped(why) => Not::Skipped(why),
        })?;
    }
    Ok(format!("{} configurations", tried.len()))
}

/// A request for a project that was just made, and has a name in no plain letters.
fn bare(world: &World<'_>) -> Request {
    let project: Option<Arc<dyn ProjectFacts>> = Some(Arc::new(Bare));
    Request { project, image_is_users: true, ..world.request() }
}

async fn bare_project(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let started = world.start(bare(&world)).await.answered("a start")?;
    Ok(started.err().map(|error| format!("it says: {error}")).unwrap_or_default())
}

async fn plain_name(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let Ok(session) = world.start(bare(&world)).await.answered("a start")? else {
        return Err(skipped("it starts no session in such a project"));
    };
    let list = world.command(bare(&world), async |instance| instance.session_list().await).await;
    let listed = world.explained(list.ok("a list"))?;
    match [session].iter().chain(&listed).find(|it| !is_plain_name(&it.name)) {
        Some(session) => Err(failed(format!("it calls a session `{}`", session.name))),
        None => passed(),
    }
}

async fn survives(world: &World<'_>, config: &Map<String, Value>) -> Result<(), Not> {
    let request = || Request { config: config.clone(), ..world.request() };
    let start = world.start(request()).await.answered("a start")?;
    let list = world.command(request(), async |instance| instance.session_list().await).await;
    let _ = list.answered("a list")?;
    if let Ok(session) = start {
        let _ = world.stop(&session.name).await.answered("a stop")?;
    }
    Ok(())
}

/// What is not ordinary about a configuration, cut short.
fn difference(kit: &Kit<'_>, config: &Map<String, Value>) -> String {
    const LONGEST: usize = 40;
    let different = config.iter().filter(|(key, value)| kit.config.get(*key) != Some(value));
    let text: Vec<String> = different
        .map(|(key, value)| {
            let value = visible(&value.to_string());
            match value.char_indices().nth(LONGEST) {
                Some((end, _)) => format!("`{key}: {}…`", value.get(..end).unwrap_or_default()),
                None => format!("`{key}: {value}`"),
            }
        })
        .collect();
    text.join(", ")
}

/// A text in which every character can be seen.
fn visible(text: &str) -> String {
    let is_visible = |character: char| character.is_ascii_graphic() || character == ' ';
    text.chars()
        .map(|character| match is_visible(character) {
            true => character.to_string(),
            false => character.escape_unicode().to_string(),
        })
        .collect()
}
