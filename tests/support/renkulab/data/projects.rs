//! Projects and the namespaces they are in.

use serde_json::{Value, json};

use super::super::wire::{Request, Response};
use super::super::world::{Project, World};
use super::{Caller, Reply, body, check, error, unauthenticated};

/// Whether the caller may see a project.
pub(super) fn readable(project: &Project, caller: &Caller) -> bool {
    project.public || project.owner == caller.id
}

pub(super) fn namespaces(world: &World, caller: &Caller, request: &Request) -> Reply {
    let user = world.user(&caller.id).ok_or_else(unauthenticated)?;
    let own = json!({
        "id": "01M8515X6RD7XMEG1NGNR4VR0Y",
        "name": format!("{} {}", user.first_name, user.last_name),
        "slug": user.username,
        "created_by": user.id,
        "namespace_kind": "user",
        "path": user.username,
    });
    Ok(page(request, vec![own]))
}

pub(super) fn by_id(world: &World, caller: &Caller, id: &str) -> Reply {
    let project = world.projects.iter().find(|project| project.shown["id"] == id);
    let project = project.filter(|project| readable(project, caller)).ok_or_else(|| {
        error(
            404,
            &format!("Project with id '{id}' does not exist or you do not have access to it."),
        )
    })?;
    Ok(shown(&project.shown))
}

/// The namespace is the same in any case; a slug is not.
pub(super) fn by_path(world: &World, caller: &Caller, namespace: &str, slug: &str) -> Reply {
    let project = world.projects.iter().find(|project| {
        let own = project.shown["namespace"].as_str().unwrap();
        own.eq_ignore_ascii_case(namespace) && project.shown["slug"] == slug
    });
    let project = project.filter(|project| readable(project, caller)).ok_or_else(|| {
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
        .filter(
            |project| if direct { project.owner == caller.id } else { readable(project, caller) },
        )
        .map(|project| project.shown.clone())
        .filter(|shown| namespace.is_none_or(|namespace| shown["namespace"] == namespace))
        .collect();
    Ok(page(request, projects))
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
fn page(request: &Request, all: Vec<Value>) -> Response {
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
