//! Data connectors and session secrets: what a session has of them depends on what its user
//! has saved, and the service starts it all the same.

use serde_json::{Value, json};

use super::super::ids;
use super::super::wire::{Request, Response};
use super::super::world::{Connector, Slot, World};
use super::projects::readable;
use super::{Caller, Reply, check, error, unauthenticated};

/// What the service says in place of a secret value.
const HIDDEN: &str = "<sensitive>";

/// Adds a connector to a project. The fields are those whose values are secret.
pub(in super::super) fn add(
    world: &mut World,
    project: &str,
    slug: &str,
    fields: &[&str],
    private_to: Option<&str>,
) -> String {
    let id = ids::ulid();
    let mut configuration = json!({"type": "s3", "region": "us-east-1", "provider": "AWS"});
    for field in fields {
        configuration[*field] = json!(HIDDEN);
    }
    let described = |field: &&str| {
        json!({
            "name": field, "help": help(field), "default": "", "default_str": "",
            "required": false, "ispassword": false, "sensitive": true, "advanced": false,
            "exclusive": false, "type": "string",
        })
    };
    let owner = world.projects.iter().find(|one| one.shown["id"] == project).unwrap();
    let (namespace, created_by) = (owner.shown["namespace"].clone(), owner.owner.clone());
    let shown = json!({
        "id": id, "name": slug, "namespace": namespace, "slug": slug,
        "storage": {
            "storage_type": "s3", "configuration": configuration, "source_path": "bucket/data",
            "target_path": slug, "readonly": true,
            "sensitive_fields": fields.iter().map(described).collect::<Vec<_>>(),
        },
        "creation_date": ids::time(0).replace('Z', ".246186Z"), "created_by": created_by,
        "visibility": "private",
        "etag": format!("\"{}\"", ids::digest(&id, 32).to_uppercase()), "keywords": [],
    });
    world.connectors.push(Connector {
        id: id.clone(),
        project: project.into(),
        private_to: private_to.map(str::to_owned),
        shown,
        saved: Vec::new(),
    });
    id
}

/// What rclone says about a field.
fn help(field: &str) -> String {
    let what = match field {
        "access_key_id" => "AWS Access Key ID.",
        _ => "AWS Secret Access Key (password).",
    };
    format!("{what}\n\nLeave blank for anonymous access or runtime credentials.")
}

/// Adds a session secret to a project.
pub(in super::super) fn add_slot(world: &mut World, project: &str, name: &str, file: &str) {
    let id = ids::ulid();
    let etag = format!("\"{}\"", ids::digest(&id, 32).to_uppercase());
    let shown = json!({
        "id": id, "project_id": project, "name": name, "filename": file, "etag": etag,
    });
    world.slots.push(Slot { id, project: project.into(), shown, values: Vec::new() });
}

fn may_see(connector: &Connector, caller: &Caller) -> bool {
    connector.private_to.as_ref().is_none_or(|user| *user == caller.id)
}

fn project(world: &World, caller: &Caller, id: &str) -> Result<(), Response> {
    let found =
        world.projects.iter().any(|one| one.shown["id"] == id && readable(world, one, caller));
    if found {
        return Ok(());
    }
    let text = format!("Project with id '{id}' does not exist or you do not have access to it.");
    Err(error(404, &text))
}

pub(super) fn links(world: &World, caller: &Caller, id: &str) -> Reply {
    project(world, caller, id)?;
    let shown = |connector: &Connector| {
        json!({
            "id": ids::ulid(), "data_connector_id": connector.id, "project_id": id,
            "creation_date": ids::time(0).replace('Z', ".362483Z"),
            "created_by": connector.shown["created_by"],
        })
    };
    let of_project = world.connectors.iter().filter(|one| one.project == id);
    let links: Vec<Value> = of_project.filter(|one| may_see(one, caller)).map(shown).collect();
    Ok(Response::json(200, &json!(links)))
}

pub(super) fn inaccessible(world: &World, caller: &Caller, id: &str) -> Reply {
    project(world, caller, id)?;
    let closed = |one: &&Connector| one.project == id && !may_see(one, caller);
    let count = world.connectors.iter().filter(closed).count();
    Ok(Response::json(200, &json!({"count": count})))
}

fn find<'a>(
    world: &'a mut World,
    caller: &Caller,
    id: &str,
) -> Result<&'a mut Connector, Response> {
    let mut projects = world.projects.iter();
    let project = world.connectors.iter().find(|one| one.id == id).map(|one| one.project.clone());
    let seen = project.is_some_and(|project| {
        projects.any(|one| one.shown["id"] == project.as_str() && readable(world, one, caller))
    });
    let connector = world.connectors.iter_mut().find(|one| one.id == id);
    connector.filter(|one| seen && may_see(one, caller)).ok_or_else(|| {
        error(
            404,
            &format!(
                "Data connector with id '{id}' does not exist or you do not have access to it."
            ),
        )
    })
}

pub(super) fn get(world: &mut World, caller: &Caller, id: &str) -> Reply {
    let connector = find(world, caller, id)?;
    let etag = connector.shown["etag"].as_str().unwrap().to_owned();
    Ok(Response::json(200, &connector.shown).with("etag", etag))
}

/// Names and ids, never values.
pub(super) fn saved(world: &mut World, caller: &Caller, id: &str) -> Reply {
    if caller.anonymous {
        return Err(unauthenticated());
    }
    let connector = find(world, caller, id)?;
    let of_user = connector.saved.iter().filter(|saved| saved.user == caller.id);
    let shown: Vec<Value> =
        of_user.map(|saved| json!({"name": saved.name, "secret_id": saved.id})).collect();
    Ok(Response::json(200, &json!(shown)))
}

/// An upsert by name. Any name is taken, and the answer has what was just written.
pub(super) fn save(world: &mut World, caller: &Caller, id: &str, request: &Request) -> Reply {
    if caller.anonymous {
        return Err(unauthenticated());
    }
    let asked = list(request)?;
    let connector = find(world, caller, id)?;
    for (index, secret) in asked.iter().enumerate() {
        if secret["value"] == "" {
            let field = format!("{index}.value");
            return Err(check::invalid(&field, "String should have at least 1 character"));
        }
    }
    let mut written = Vec::new();
    for secret in &asked {
        let name = secret["name"].as_str().unwrap_or_default().to_owned();
        connector.saved.retain(|saved| saved.user != caller.id || saved.name != name);
        if !secret["value"].is_null() {
            let id = ids::ulid();
            written.push(json!({"name": name, "secret_id": id}));
            let user = caller.id.clone();
            connector.saved.push(super::super::world::Saved { user, name, id });
        }
    }
    Ok(Response::json(200, &json!(written)))
}

pub(super) fn forget(world: &mut World, caller: &Caller, id: &str) -> Reply {
    find(world, caller, id)?.saved.retain(|saved| saved.user != caller.id);
    Ok(Response::empty(204))
}

pub(super) fn slots(world: &World, caller: &Caller, id: &str) -> Reply {
    project(world, caller, id)?;
    let of_project = world.slots.iter().filter(|slot| slot.project == id);
    let shown: Vec<&Value> = of_project.map(|slot| &slot.shown).collect();
    Ok(Response::json(200, &json!(shown)))
}

pub(super) fn values(world: &World, caller: &Caller, id: &str) -> Reply {
    project(world, caller, id)?;
    let shown = |slot: &Slot| {
        let (_, secret) = slot.values.iter().find(|(user, _)| *user == caller.id)?;
        Some(json!({"secret_slot": slot.shown, "secret_id": secret}))
    };
    let of_project = world.slots.iter().filter(|slot| slot.project == id);
    let shown: Vec<Value> = of_project.filter_map(shown).collect();
    Ok(Response::json(200, &json!(shown)))
}

pub(super) fn set_values(world: &mut World, caller: &Caller, id: &str, request: &Request) -> Reply {
    project(world, caller, id)?;
    let asked = list(request)?;
    for one in &asked {
        let slot = one["secret_slot_id"].as_str().unwrap_or_default();
        if !world.slots.iter().any(|known| known.id == slot && known.project == id) {
            let text = format!(
                "Session secret slot with id '{slot}' does not exist or you do not have access to it."
            );
            return Err(error(422, &text));
        }
    }
    for one in &asked {
        let slot = world.slots.iter_mut().find(|known| one["secret_slot_id"] == known.id.as_str());
        let slot = slot.unwrap();
        slot.values.retain(|(user, _)| *user != caller.id);
        let known = one["secret_id"].as_str().map(str::to_owned);
        if known.is_some() || !one["value"].is_null() {
            slot.values.push((caller.id.clone(), known.unwrap_or_else(ids::ulid)));
        }
    }
    values(world, caller, id)
}

/// What a start says about connectors, checked as the service checks it.
pub(super) fn check_overrides(
    world: &mut World,
    caller: &Caller,
    body: &Value,
) -> Result<(), Response> {
    let overrides = body["data_connectors_overrides"].as_array().cloned().unwrap_or_default();
    for (index, one) in overrides.iter().enumerate() {
        let field = format!("data_connectors_overrides.{index}.data_connector_id");
        let id = match one["data_connector_id"].as_str() {
            None => return Err(check::invalid(&field, "Field required")),
            Some(id) if id.len() < 26 => {
                return Err(check::invalid(&field, "String should have at least 26 characters"));
            }
            Some(id) => id,
        };
        if find(world, caller, id).is_err() {
            let text = format!(
                "You have requested a data connector with ID {id} which does not exist or you don't have access to."
            );
            return Err(error(404, &text));
        }
        if one["configuration"].is_object() && one["configuration"]["type"].is_null() {
            let text = "Expected a `type` field in the RClone configuration, but didn't find it.";
            return Err(error(422, text));
        }
    }
    Ok(())
}

/// The body as a list.
fn list(request: &Request) -> Result<Vec<Value>, Response> {
    let value: Option<Value> = serde_json::from_slice(&request.body).ok();
    let list = value.and_then(|value| value.as_array().cloned());
    list.ok_or_else(|| error(400, "Failed when parsing body as json"))
}
