//! Session launchers: what a session is started from.

use serde_json::{Value, json};

use super::super::ids;
use super::super::wire::{Request, Response};
use super::super::world::{Launcher, World};
use super::projects::{readable, writable};
use super::{Caller, Reply, body, check, error, unauthenticated};

const LAUNCHER: [&str; 8] = [
    "name",
    "project_id",
    "description",
    "environment",
    "resource_class_id",
    "disk_storage",
    "env_variables",
    "launcher_type",
];

const ENVIRONMENT: [&str; 15] = [
    "id",
    "environment_kind",
    "environment_image_source",
    "name",
    "description",
    "container_image",
    "default_url",
    "port",
    "uid",
    "gid",
    "working_directory",
    "mount_directory",
    "command",
    "args",
    "strip_path_prefix",
];

/// Adds a launcher as `POST` describes it.
pub(in super::super) fn add(world: &mut World, asked: &Value) -> Value {
    let now = ids::time(0);
    let environment = &asked["environment"];
    let or = |key: &str, usual: Value| environment.get(key).cloned().unwrap_or(usual);
    let mut shown_environment = json!({
        "id": ids::ulid(),
        "name": environment["name"],
        "creation_date": now,
        "default_url": or("default_url", json!("/lab")),
        "uid": or("uid", json!(1000)),
        "gid": or("gid", json!(1000)),
        "port": or("port", json!(8080)),
    });
    // What is not set is absent, not null.
    let set = |shown: &mut Value, from: &Value, keys: &[&str]| {
        for key in keys {
            if let Some(value) = from.get(key) {
                shown[*key] = value.clone();
            }
        }
    };
    set(
        &mut shown_environment,
        environment,
        &["working_directory", "mount_directory", "command", "args"],
    );
    shown_environment["is_archived"] = json!(false);
    shown_environment["strip_path_prefix"] = json!(false);
    set(&mut shown_environment, environment, &["container_image"]);
    shown_environment["environment_image_source"] = or("environment_image_source", json!("image"));
    shown_environment["environment_kind"] = or("environment_kind", json!("CUSTOM"));
    let id = ids::ulid();
    let mut shown = json!({
        "id": id,
        "project_id": asked["project_id"],
        "name": asked["name"],
        "creation_date": now,
        "environment": shown_environment,
    });
    set(&mut shown, asked, &["resource_class_id", "disk_storage", "env_variables"]);
    let kind = asked.get("launcher_type").cloned().unwrap_or_else(|| json!("interactive"));
    shown["launcher_type"] = kind.clone();
    world.launchers.push(Launcher {
        id,
        project: asked["project_id"].as_str().unwrap_or_default().to_owned(),
        interactive: kind == "interactive",
        shown: shown.clone(),
    });
    shown
}

/// The project of this id, when the caller may see it.
fn may_read(world: &World, caller: &Caller, id: &str) -> bool {
    world.projects.iter().any(|one| one.shown["id"] == id && readable(world, one, caller))
}

pub(super) fn may_write(world: &World, caller: &Caller, id: &str) -> bool {
    world.projects.iter().any(|one| one.shown["id"] == id && writable(world, one, caller))
}

/// Every launcher the caller may see, of all projects.
pub(super) fn list(world: &World, caller: &Caller) -> Reply {
    let visible = world.launchers.iter().filter(|one| may_read(world, caller, &one.project));
    let shown: Vec<&Value> = visible.map(|launcher| &launcher.shown).collect();
    Ok(Response::json(200, &json!(shown)))
}

/// Of a project that may not be seen: none, and no error.
pub(super) fn of_project(world: &World, caller: &Caller, id: &str) -> Reply {
    let visible = world
        .launchers
        .iter()
        .filter(|launcher| launcher.project == id && may_read(world, caller, id));
    let shown: Vec<&Value> = visible.map(|launcher| &launcher.shown).collect();
    Ok(Response::json(200, &json!(shown)))
}

pub(super) fn create(world: &mut World, caller: &Caller, request: &Request) -> Reply {
    if caller.anonymous {
        return Err(unauthenticated());
    }
    let body = body(request)?;
    check::no_other(&body, "", &LAUNCHER)?;
    for field in ["name", "environment"] {
        if body.get(field).is_none() {
            return Err(check::invalid(field, "Field required"));
        }
    }
    check::no_other(&body["environment"], "environment.", &ENVIRONMENT)?;
    let project = check::ulid(&body, "project_id")?;
    if !may_write(world, caller, &project) {
        return Err(error(
            404,
            &format!("Project with id '{project}' does not exist or you do not have access to it."),
        ));
    }
    Ok(Response::json(201, &add(world, &body)))
}

pub(super) fn patch(world: &mut World, caller: &Caller, id: &str, request: &Request) -> Reply {
    let body = body(request)?;
    check::no_other(&body, "", &LAUNCHER)?;
    let project = world.launchers.iter().find(|one| one.id == id).map(|one| one.project.clone());
    if !project.is_some_and(|project| may_write(world, caller, &project)) {
        return Err(missing(id));
    }
    let launcher = world.launchers.iter_mut().find(|launcher| launcher.id == id);
    let shown = &mut launcher.ok_or_else(|| missing(id))?.shown;
    for (key, value) in body.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("environment", Value::Object(environment)) => {
                for (key, value) in environment {
                    shown["environment"][key] = value.clone();
                }
            }
            _ => shown[key] = value.clone(),
        }
    }
    Ok(Response::json(200, shown))
}

/// Also when there is none.
pub(super) fn delete(world: &mut World, caller: &Caller, id: &str) -> Reply {
    let project = world.launchers.iter().find(|one| one.id == id).map(|one| one.project.clone());
    if project.is_some_and(|project| may_write(world, caller, &project)) {
        world.launchers.retain(|launcher| launcher.id != id);
    }
    Ok(Response::empty(204))
}

pub(super) fn missing(id: &str) -> Response {
    error(
        404,
        &format!("Session launcher with id '{id}' does not exist or you do not have access to it."),
    )
}

/// The launcher of this id, when the caller may see it.
pub(super) fn find<'a>(
    world: &'a World,
    caller: &Caller,
    id: &str,
) -> Result<&'a Launcher, Response> {
    let launcher = world.launchers.iter().find(|launcher| launcher.id == id);
    launcher.filter(|one| may_read(world, caller, &one.project)).ok_or_else(|| missing(id))
}
