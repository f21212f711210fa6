//! Projects and the namespaces they are in.

use serde_json::{Value, json};

use super::super::wire::{Request, Response};
use super::super::world::{Project, World};
use super::{Caller, Reply, body, check, error, groups, unauthenticated};

/// Whether the caller may see a project: also through its group.
pub(super) fn readable(world: &World, project: &Project, caller: &Caller) -> bool {
    project.public || project.owner == caller.id || role(world, project, caller).is_some()
}

/// What the caller is in a project.
fn role<'a>(world: &'a World, project: &Project, caller: &Caller) -> Option<&'a str> {
    let namespace = project.shown["namespace"].as_str().unwrap_or_default();
    match project.owner == caller.id {
        true => Some("owner"),
        false => groups::role(world, &caller.id, namespace),
    }
}

/// Whether the caller may change a project.
pub(super) fn writable(world: &World, project: &Project, caller: &Caller) -> bool {
    role(world, project, caller).is_some_and(|role| role != "viewer")
}

/// What somebody with this role may do.
pub(super) fn rights(role: Option<&str>) -> Value {
    let (write, all) = (matches!(role, Some("owner" | "editor")), role == Some("owner"));
    json!({"write": write, "delete": all, "change_membership": all})
}

pub(super) fn permissions(world: &World, caller: &Caller, id: &str) -> Reply {
    let project = find(world, caller, id)?;
    Ok(Response::json(200, &rights(role(world, project, caller))))
}

fn find<'a>(world: &'a World, caller: &Caller, id: &str) -> Result<&'a Project, Response> {
    let project = world.projects.iter().find(|project| project.shown["id"] == id);
    project.filter(|project| readable(world, project, caller)).ok_or_else(|| {
        error(
            404,
            &format!("Project with id '{id}' does not exist or you do not have access to it."),
        )
    })
}

pub(super) fn namespaces(world: &World, caller: &Caller, request: &Request) -> Reply {
    let user = world.user(&caller.id).ok_or_else(unauthenticated)?;
    let mut own = vec![json!({
        "id": "01M8515X6RD7XMEG1NGNR4VR0Y",
        "name": format!("{} {}", user.first_name, user.last_name),
        "slug": user.username,
        "created_by": user.id,
        "namespace_kind": "user",
        "path": user.username,
    })];
    for group in world.groups.iter().filter(|group| {
        groups::is_member(world, caller, group.shown["slug"].as_str().unwrap_or_default())
    }) {
        let mut shown = group.shown.clone();
        shown["namespace_kind"] = json!("group");
        shown["path"] = shown["slug"].clone();
        own.push(shown);
    }
    Ok(page(request, own))
}

pub(super) fn by_id(world: &World, caller: &Caller, id: &str) -> Reply {
    Ok(shown(&find(world, caller, id)?.shown))
}

/// The namespace is the same in any case; a slug is not.
pub(super) fn by_path(world: &World, caller: &Caller, namespace: &str, slug: &str) -> Reply {
    let project = world.projects.iter().find(|project| {
        let own = project.shown["namespace"].as_str().unwrap();
        own.eq_ignore_ascii_case(namespace) && project.shown["slug"] == slug
    });
    let project = project.filter(|project| readable(world, project, caller)).ok_or_else(|| {
        error(
            404,
            &format!(
                "Project with identifier '{namespace}/{slug}' does not exist or you do not have access to it."
            ),
        )
    })?;
    Ok(shown(&project.shown))
}

fn shown(project: &Value) -> Response {
    Response::json(200, project).with("etag", project["etag"].as_str().unwrap())
}

pub(super) fn list(world: &World, caller: &Caller, request: &Request) -> Reply {
    let direct = request.parameter("direct_member") == Some("true");
    let namespace = request.parameter("namespace");
    let projects = world
        .projects
        .iter()
        .filter(|project| match direct {
            true => project.owner == caller.id && !is_of_a_group(world, project),
            false => readable(world, project, caller),
        })
        .map(|project| project.shown.clone())
        .filter(|shown| namespace.is_none_or(|namespace| shown["namespace"] == namespace))
        .collect();
    Ok(page(request, projects))
}

/// A role through a group is no direct membership.
fn is_of_a_group(world: &World, project: &Project) -> bool {
    world.groups.iter().any(|group| group.shown["slug"] == project.shown["namespace"])
}

pub(super) fn create(world: &mut World, caller: &Caller, request: &Request) -> Reply {
    if caller.anonymous {
        return Err(unauthenticated());
    }
    let body = body(request)?;
    for field in ["name", "namespace"] {
        if body.get(field).is_none() {
            return Err(check::invalid(field, "Field required"));
        }
    }
    let public = body["visibility"] == "public";
    Ok(Response::json(201, &world.add_project(&caller.id, public, body)))
}

/// One page of a list, with the numbers of all in the headers.
pub(super) fn page(request: &Request, all: Vec<Value>) -> Response {
    let number = |name: &str, usual: usize| {
        request.parameter(name).and_then(|text| text.parse().ok()).unwrap_or(usual).max(1)
    };
    let (page, size) = (number("page", 1), number("per_page", 20).min(100));
    let (total, pages) = (all.len(), all.len().div_ceil(size));
    let items: Vec<Value> = all.into_iter().skip((page - 1) * size).take(size).collect();
    Response::json(200, &json!(items))
        .with("page", page)
        .with("per-page", size)
        .with("total", total)
        .with("total-pages", pages)
}
