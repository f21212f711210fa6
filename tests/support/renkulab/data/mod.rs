//! `/api/data`: the data services of Renku 2.

pub(super) mod builds;
mod check;
pub(super) mod connectors;
pub(super) mod groups;
mod images;
pub(super) mod launchers;
mod life;
mod pools;
mod projects;
pub(super) mod sessions;

use std::time::SystemTime;

use serde_json::{Value, json};

use super::wire::{Request, Response};
use super::world::World;

/// Who asks. Whoever has no valid token is somebody without a name: that is how
/// the real service sees it, and no error.
pub(super) struct Caller {
    pub(super) id: String,
    pub(super) anonymous: bool,
    pub(super) cookie: bool,
}

/// What an endpoint gives: the answer, or the error as an answer.
type Reply = Result<Response, Response>;

/// Answers what is below `/api/data`; none for anything else.
pub(super) fn answer(world: &mut World, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix("/api/data")?;
    let caller = caller(world, request);
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let answer = match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["version"]) => version(world),
        ("GET", ["user"]) => user(world, &caller),
        ("GET", ["groups"]) => groups::list(world, &caller, request),
        ("GET", ["groups", slug]) => groups::by_slug(world, slug),
        ("GET", ["groups", slug, "members"]) => groups::members(world, slug),
        ("GET", ["groups", slug, "permissions"]) => groups::permissions(world, &caller, slug),
        ("GET", ["namespaces"]) => projects::namespaces(world, &caller, request),
        ("GET", ["namespaces", namespace, "projects", slug]) => {
            projects::by_path(world, &caller, namespace, slug)
        }
        ("GET", ["projects"]) => projects::list(world, &caller, request),
        ("POST", ["projects"]) => projects::create(world, &caller, request),
        ("GET", ["projects", id]) => projects::by_id(world, &caller, id),
        ("GET", ["projects", id, "permissions"]) => projects::permissions(world, &caller, id),
        ("GET", ["projects", id, "data_connector_links"]) => connectors::links(world, &caller, id),
        ("GET", ["projects", id, "inaccessible_data_connector_links"]) => {
            connectors::inaccessible(world, &caller, id)
        }
        ("GET", ["projects", id, "session_secret_slots"]) => connectors::slots(world, &caller, id),
        ("GET", ["projects", id, "session_secrets"]) => connectors::values(world, &caller, id),
        ("PATCH", ["projects", id, "session_secrets"]) => {
            connectors::set_values(world, &caller, id, request)
        }
        ("GET", ["data_connectors", id]) => connectors::get(world, &caller, id),
        ("GET", ["data_connectors", id, "secrets"]) => connectors::saved(world, &caller, id),
        ("PATCH", ["data_connectors", id, "secrets"]) => {
            connectors::save(world, &caller, id, request)
        }
        ("DELETE", ["data_connectors", id, "secrets"]) => connectors::forget(world, &caller, id),
        ("GET", ["projects", id, "session_launchers"]) => launchers::of_project(world, &caller, id),
        ("GET", ["environments"]) => Ok(Response::json(200, &json!([]))),
        ("GET", ["environments", id, "builds"]) => builds::list(world, &caller, id),
        ("POST", ["environments", id, "builds"]) => builds::create(world, &caller, id),
        ("GET", ["builds", id]) => builds::get(world, &caller, id),
        ("GET", ["builds", id, "logs"]) => builds::logs(world, &caller, id),
        ("PATCH", ["builds", id]) => builds::cancel(world, &caller, id, request),
        ("GET", ["session_launchers"]) => launchers::list(world, &caller),
        ("POST", ["session_launchers"]) => launchers::create(world, &caller, request),
        ("GET", ["session_launchers", id]) => {
            launchers::find(world, &caller, id).map(|one| Response::json(200, &one.shown))
        }
        ("DELETE", ["session_launchers", id]) => launchers::delete(world, &caller, id),
        ("PATCH", ["session_launchers", id]) => launchers::patch(world, &caller, id, request),
        ("GET", ["resource_pools"]) => pools::list(world, request),
        ("GET", ["oauth2", "connections"]) => pools::connections(world, &caller),
        ("GET", ["resource_pools", id, "classes"]) => pools::classes(world, id),
        ("GET", ["classes", id]) => pools::class(world, id),
        ("GET", ["sessions", "images"]) => images::check(world, request),
        ("GET", ["sessions"]) => sessions::list(world, &caller, request),
        ("POST", ["sessions"]) => sessions::create(world, &caller, request),
        ("GET", ["sessions", name]) => sessions::get(world, &caller, name),
        ("PATCH", ["sessions", name]) => sessions::patch(world, &caller, name, request),
        ("DELETE", ["sessions", name]) => sessions::delete(world, &caller, name),
        ("GET", ["sessions", name, "logs"]) => sessions::logs(world, &caller, name, request),
        (method, ["sessions"]) => {
            Err(error(405, &format!("Method {method} not allowed for URL {}", request.path)))
        }
        _ => Err(no_such_url(&request.path)),
    };
    Some(answer.unwrap_or_else(|error| error))
}

/// An error in the shape of the service: its code is 1000 more than the status.
pub(super) fn error(status: u16, message: &str) -> Response {
    Response::json(status, &json!({"error": {"code": 1000 + status, "message": message}}))
}

pub(super) fn no_such_url(path: &str) -> Response {
    error(404, &format!("Requested URL {path} not found"))
}

fn unauthenticated() -> Response {
    error(401, "You have to be authenticated to perform this operation.")
}

fn caller(world: &World, request: &Request) -> Caller {
    let cookie = request.header("cookie").and_then(|cookies| {
        cookies.split("; ").find_map(|one| one.strip_prefix("_renku_session="))
    });
    let user = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "))
        .and_then(|token| world.access.get(token))
        .filter(|access| access.expires > SystemTime::now());
    match user {
        Some(access) => Caller { id: access.user.clone(), anonymous: false, cookie: false },
        None => Caller {
            id: format!("anon-{}", cookie.unwrap_or_default()),
            anonymous: true,
            cookie: cookie.is_some(),
        },
    }
}

fn version(world: &World) -> Reply {
    let version = world.version.as_ref().ok_or_else(|| no_such_url("/api/data/version"))?;
    Ok(Response::json(200, &json!({"version": version})))
}

fn user(world: &World, caller: &Caller) -> Reply {
    let user = world.user(&caller.id).ok_or_else(unauthenticated)?;
    Ok(Response::json(
        200,
        &json!({
            "id": user.id,
            "username": user.username,
            "email": format!("{}@example.org", user.username),
            "first_name": user.first_name,
            "last_name": user.last_name,
            "is_admin": false,
        }),
    ))
}

/// The body as a JSON object.
fn body(request: &Request) -> Result<Value, Response> {
    let not_json = || error(400, "Failed when parsing body as json");
    let value: Value = serde_json::from_slice(&request.body).map_err(|_| not_json())?;
    if value.is_object() { Ok(value) } else { Err(not_json()) }
}
