//! Images that are built from a repository. Time goes on by being looked at, as in sessions.

use serde_json::{Value, json};

use super::super::ids;
use super::super::wire::{Request, Response};
use super::super::world::{Build, World};
use super::{Caller, Reply, body, error, launchers};

/// How often a build is seen before it ends.
const LOOKS: u32 = 2;

/// What is built.
const REPOSITORY: &str = "https://git.example.org/jane.doe/demo";

/// What a new image is called.
const REGISTRY: &str = "harbor.dev.renku.ch/renku-builds/renku-build:renku-";

/// The launcher of an environment that the caller may change.
fn owned(world: &World, caller: &Caller, id: &str) -> Result<Value, Response> {
    let launcher = world.launchers.iter().find(|one| one.shown["environment"]["id"] == id);
    let launcher =
        launcher.filter(|one| launchers::may_write(world, caller, &one.project)).ok_or_else(|| {
            error(
                404,
                &format!(
                    "Session environment with id '{id}' does not exist or you do not have access to it."
                ),
            )
        })?;
    Ok(launcher.shown["environment"].clone())
}

/// Begins one for an environment, as the service does by itself for a new one.
pub(in super::super) fn begin(world: &mut World, environment: &str) -> String {
    let id = ids::ulid();
    let fails = world.builds_fail;
    let shown = json!({
        "id": id, "environment_id": environment,
        "created_at": ids::time(0).replace('Z', ".833200Z"), "status": "in_progress",
    });
    world.builds.insert(0, Build { id: id.clone(), looks: 0, fails, shown });
    id
}

pub(super) fn list(world: &mut World, caller: &Caller, id: &str) -> Reply {
    owned(world, caller, id)?;
    let of_it = |build: &&Build| build.shown["environment_id"] == id;
    let shown: Vec<&Value> = world.builds.iter().filter(of_it).map(|build| &build.shown).collect();
    Ok(Response::json(200, &json!(shown)))
}

pub(super) fn create(world: &mut World, caller: &Caller, id: &str) -> Reply {
    let environment = owned(world, caller, id)?;
    if environment["environment_image_source"] != "build" {
        return Err(error(500, "An unexpected error occurred"));
    }
    let runs = |build: &Build| {
        build.shown["environment_id"] == id && build.shown["status"] == "in_progress"
    };
    if world.builds.iter().any(runs) {
        let text = format!("Session environment with id '{id}' already has a build in progress.");
        return Err(error(409, &text));
    }
    let build = begin(world, id);
    let build = world.builds.iter().find(|one| one.id == build).unwrap();
    Ok(Response::json(201, &build.shown))
}

fn find<'a>(world: &'a mut World, caller: &Caller, id: &str) -> Result<&'a mut Build, Response> {
    let environment = world.builds.iter().find(|build| build.id == id);
    let environment =
        environment.and_then(|build| build.shown["environment_id"].as_str()).map(str::to_owned);
    let seen = environment.is_some_and(|environment| owned(world, caller, &environment).is_ok());
    let build = world.builds.iter_mut().find(|build| build.id == id);
    build.filter(|_| seen).ok_or_else(|| {
        error(404, &format!("Build with id '{id}' does not exist or you do not have access to it."))
    })
}

/// The state is refreshed by looking at it.
pub(super) fn get(world: &mut World, caller: &Caller, id: &str) -> Reply {
    let build = find(world, caller, id)?;
    build.looks += 1;
    if build.looks > LOOKS && build.shown["status"] == "in_progress" {
        end(world, id);
    }
    find(world, caller, id).map(|build| Response::json(200, &build.shown))
}

/// Ends all that run.
pub(in super::super) fn finish(world: &mut World) {
    let runs = |build: &&Build| build.shown["status"] == "in_progress";
    let running: Vec<String> =
        world.builds.iter().filter(runs).map(|build| build.id.clone()).collect();
    running.iter().for_each(|id| end(world, id));
}

fn end(world: &mut World, id: &str) {
    let build = world.builds.iter_mut().find(|build| build.id == id).unwrap();
    if build.fails {
        build.shown["error_reason"] = json!("Failed");
        build.shown["status"] = json!("failed");
        return;
    }
    let image = format!("{REGISTRY}{}", build.id.to_lowercase());
    build.shown["status"] = json!("succeeded");
    build.shown["result"] = json!({
        "image": image, "completed_at": ids::time(0), "repository_url": REPOSITORY,
        "repository_git_commit_sha": "a".repeat(40),
    });
    let environment = build.shown["environment_id"].clone();
    for launcher in &mut world.launchers {
        if launcher.shown["environment"]["id"] == environment {
            launcher.shown["environment"]["container_image"] = json!(image);
        }
    }
}

/// There is no pod in the first moment.
pub(super) fn logs(world: &mut World, caller: &Caller, id: &str) -> Reply {
    let build = find(world, caller, id)?;
    build.looks += 1;
    if build.looks <= LOOKS && build.shown["status"] == "in_progress" {
        let text = format!(
            "Cannot find taskrun from buildrun renku-{} to retrieve logs.",
            id.to_lowercase()
        );
        return Err(error(404, &text));
    }
    let mut logs = json!({
        "step-source-default": format!("Cloning {REPOSITORY}\nSuccessfully loaded commit"),
        "prepare": "Entrypoint initialization",
    });
    let step = match build.shown["status"].as_str() {
        Some("failed") => Some(
            "===> ANALYZING\n===> DETECTING\n===> BUILDING\nERROR: No matching distribution found for nosuchpackage\nERROR: failed to build: exit status 1",
        ),
        Some("succeeded") => {
            Some("===> ANALYZING\n===> DETECTING\n===> BUILDING\n===> EXPORTING\nSaving image...")
        }
        Some("in_progress") => Some("===> DETECTING\n===> BUILDING"),
        _ => None,
    };
    if let Some(step) = step {
        logs["step-build-and-push"] = json!(step);
    }
    Ok(Response::json(200, &logs))
}

pub(super) fn cancel(world: &mut World, caller: &Caller, id: &str, request: &Request) -> Reply {
    let asked = body(request)?;
    let build = find(world, caller, id)?;
    let status = build.shown["status"].as_str().unwrap_or_default().to_owned();
    if asked["status"] != "cancelled" || status != "in_progress" {
        let text = format!("Cannot update build with id '{id}': the build has status {status}.");
        return Err(error(422, &text));
    }
    build.shown["status"] = json!("cancelled");
    Ok(Response::json(200, &build.shown))
}
