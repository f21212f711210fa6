//! Resource pools and their classes.

use serde_json::{Value, json};

use super::super::ids;
use super::super::wire::{Request, Response};
use super::super::world::World;
use super::{Caller, Reply, check, error, unauthenticated};

/// All pools. The wishes of the query only mark classes: those that are too
/// small are listed, too.
pub(super) fn list(world: &World, request: &Request) -> Reply {
    let mut pools = world.pools.clone();
    let wishes = ["cpu", "memory", "gpu", "max_storage"].map(|name| {
        let wish = request.parameter(name).map(str::parse::<f64>);
        wish.transpose().map(|wish| (name, wish.unwrap_or(0.0))).map_err(|_| {
            check::invalid(
                name,
                "Input should be a valid number, unable to parse string as a number",
            )
        })
    });
    let mut asked = Vec::new();
    for wish in wishes {
        asked.push(wish?);
    }
    for pool in pools.as_array_mut().unwrap() {
        for class in pool["classes"].as_array_mut().unwrap() {
            let fits = asked.iter().all(|(name, wish)| class[*name].as_f64().unwrap() >= *wish);
            class["matching"] = Value::Bool(fits);
        }
    }
    Ok(Response::json(200, &pools))
}

/// The user's accounts at other services.
pub(super) fn connections(world: &World, caller: &Caller) -> Reply {
    if caller.anonymous {
        return Err(unauthenticated());
    }
    let shown = |provider: &String| json!({"id": ids::ulid(), "provider_id": provider, "status": "connected"});
    let all: Vec<Value> = world.connections.iter().map(shown).collect();
    Ok(Response::json(200, &json!(all)))
}

pub(super) fn classes(world: &World, id: &str) -> Reply {
    let pool =
        world.pools.as_array().unwrap().iter().find(|pool| pool["id"].as_u64() == id.parse().ok());
    let pool = pool
        .ok_or_else(|| error(404, &format!("The resource pool with id {id} cannot be found.")))?;
    Ok(Response::json(200, &json!(pool["classes"])))
}

pub(super) fn class(world: &World, id: &str) -> Reply {
    let class = id.parse().ok().and_then(|id| world.class(id));
    let (class, _) =
        class.ok_or_else(|| error(404, &format!("The class with id {id} cannot be found.")))?;
    Ok(Response::json(200, class))
}
