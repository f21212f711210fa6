//! Sessions: one for each user and launcher, and what they go through.

use serde_json::{Value, json};

use super::super::ids;
use super::super::wire::{Request, Response};
use super::super::world::{Phase, Session, World};
use super::life::{advance, find, observe, show};
use super::{Caller, Reply, body, check, connectors, error, launchers};

/// The containers of a session beside the user's own: proxy, certificates, clone.
const CONTAINERS: u32 = 4;

pub(super) fn list(world: &mut World, caller: &Caller, request: &Request) -> Reply {
    let wanted = match request.parameter("session_type") {
        None => None,
        Some("interactive") => Some(true),
        Some("non-interactive") => Some(false),
        Some(_) => {
            let problem = "Input should be 'interactive' or 'non-interactive'";
            return Err(check::invalid("session_type", problem));
        }
    };
    let names: Vec<String> = world
        .sessions
        .iter()
        .filter(|session| session.user == caller.id)
        .filter(|session| wanted.is_none_or(|wanted| wanted == session.submission.is_none()))
        .map(|session| session.name.clone())
        .collect();
    let shown: Vec<Value> = names.iter().filter_map(|name| observe(world, caller, name)).collect();
    Ok(Response::json(200, &json!(shown)))
}

pub(super) fn get(world: &mut World, caller: &Caller, name: &str) -> Reply {
    let shown = observe(world, caller, name)
        .ok_or_else(|| error(404, &format!("The session with ID {name} does not exist.")))?;
    Ok(Response::json(200, &shown))
}

pub(super) fn create(world: &mut World, caller: &Caller, request: &Request) -> Reply {
    let body = body(request)?;
    let launcher_id = check::ulid(&body, "launcher_id")?;
    let asked_class = check::number(&body, "resource_class_id")?;
    let asked_storage = check::number(&body, "disk_storage")?;
    let launcher = launchers::find(world, caller, &launcher_id)?;
    let (shown, project) = (launcher.shown.clone(), launcher.project.clone());
    let interactive = launcher.interactive;
    if caller.anonymous && !caller.cookie {
        return Err(error(
            401,
            "You have to have a renku session cookie at _renku_session in order to launch an anonymous session.",
        ));
    }
    let submission = job(interactive, &body)?;
    let known = shown["env_variables"].as_array().cloned().unwrap_or_default();
    let class = asked_class
        .or_else(|| shown["resource_class_id"].as_u64())
        .unwrap_or_else(|| world.default_class());
    let (class_shown, _) = world.class(class).ok_or_else(|| {
        error(
            404,
            &format!("Could not find the resource pool where a class with ID {class} exists."),
        )
    })?;
    if asked_storage > class_shown["max_storage"].as_u64() {
        return Err(error(422, "The requested storage surpasses the maximum value allowed."));
    }
    if class_shown["quota_enforced"] == true && class_shown["usage_hours_remaining"] == 0 {
        return Err(error(
            422,
            "Cannot start the session because your quota in the selected resource pool is exhausted.",
        ));
    }
    let storage = asked_storage.or_else(|| class_shown["default_storage"].as_u64()).unwrap_or(1);
    for variable in body["env_variable_overrides"].as_array().into_iter().flatten() {
        let name = variable["name"].as_str().unwrap_or_default();
        if !known.iter().any(|known| known["name"] == name) {
            return Err(error(
                422,
                &format!(
                    "The following environment variables are not defined in the session launcher: {{'{name}'}}.\n            Please remove them from the launch request or add them to the session launcher."
                ),
            ));
        }
    }
    connectors::check_overrides(world, caller, &body)?;
    let name = name(world, caller, &launcher_id, submission.as_deref());
    // Whatever state it is in, and whatever else was asked for.
    if let Some(existing) = observe(world, caller, &name) {
        return Ok(Response::json(200, &existing));
    }
    let environment = &shown["environment"];
    let arguments = arguments(environment, &body, submission.is_some());
    let session = Session {
        name: name.clone(),
        user: caller.id.clone(),
        project,
        launcher: launcher_id,
        image: environment["container_image"].as_str().unwrap_or_default().to_owned(),
        default_url: environment["default_url"].as_str().unwrap_or_default().to_owned(),
        class,
        storage,
        submission,
        arguments,
        containers: containers(caller, request),
        started: ids::time(0),
        interaction: None,
        phase: Phase::Starting,
        shown: 0,
        fate: world.next_failure.take(),
        recovers: world.next_recovers.take(),
        lags: 0,
        warning: None,
    };
    world.sessions.push(session);
    let shown = observe(world, caller, &name).unwrap_or_default();
    Ok(Response::json(201, &shown))
}

/// The git proxy comes with the header, whatever its value.
fn containers(caller: &Caller, request: &Request) -> u32 {
    let proxy = request.header("renku-auth-refresh-token").is_some();
    CONTAINERS - u32::from(caller.anonymous) + u32::from(proxy)
}

/// The rules of jobs; the submission of one.
fn job(interactive: bool, body: &Value) -> Result<Option<String>, Response> {
    if interactive {
        return match ["job_args_override", "job_command_override", "submission_id"]
            .iter()
            .find(|key| body.get(**key).is_some())
        {
            Some(key) => Err(error(422, &format!("Interactive sessions don't allow {key}."))),
            None => Ok(None),
        };
    }
    let submission = body["submission_id"].as_str().map(str::to_owned);
    submission.map(Some).ok_or_else(|| error(422, "Job submissions require a submission_id."))
}

fn arguments(environment: &Value, body: &Value, is_job: bool) -> Vec<Value> {
    if !is_job {
        return Vec::new();
    }
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let or = |key: &str, usual: &Value| list(body.get(key).unwrap_or(usual));
    let mut all = or("job_command_override", &environment["command"]);
    all.extend(or("job_args_override", &environment["args"]));
    all
}

/// The beginning of the user's name, and a digest of what makes a session one.
fn name(world: &World, caller: &Caller, launcher: &str, submission: Option<&str>) -> String {
    let user = match world.user(&caller.id) {
        Some(user) => user.username.replace('.', "-"),
        None => format!("user-{}", caller.id),
    };
    let first = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    let digest = ids::digest(&format!("{} {launcher} {submission:?}", caller.id), 12);
    match submission {
        None => format!("{}-{digest}", first(&user, 12)),
        Some(submission) => format!("j-{}-{digest}", first(&format!("{user}-{submission}"), 10)),
    }
}

pub(super) fn patch(world: &mut World, caller: &Caller, name: &str, request: &Request) -> Reply {
    let body = body(request)?;
    let state = match &body["state"] {
        Value::Null => None,
        Value::String(state) if ["running", "hibernated"].contains(&state.as_str()) => {
            Some(state.as_str())
        }
        _ => return Err(check::invalid("state", "Input should be 'running' or 'hibernated'")),
    };
    let missing = || error(404, &format!("The session with ID {name} does not exist"));
    let class = check::number(&body, "resource_class_id")?;
    if let Some(class) = class.filter(|class| world.class(*class).is_none()) {
        return Err(error(
            404,
            &format!("Could not find the resource pool where a class with ID {class} exists."),
        ));
    }
    advance(world, caller, name);
    let lag = world.lag;
    let session = find(world, caller, name).ok_or_else(missing)?;
    if let Some(class) = class {
        session.class = class;
    }
    // The operator has not seen the wish before: this one is forgotten, with a 200.
    if state.is_some() && session.lags > 0 {
        session.lags -= 1;
        let shown = show(world, caller, name).ok_or_else(missing)?;
        return Ok(Response::json(200, &shown));
    }
    if body["lastInteraction"].is_string() {
        session.interaction = Some(ids::time(0));
    }
    let phase = match (state, &session.phase) {
        (Some("hibernated"), Phase::Running | Phase::Starting | Phase::Failed(_)) => {
            Some(Phase::Hibernating)
        }
        (Some("running"), Phase::Hibernated | Phase::Hibernating) => Some(Phase::Starting),
        _ => None,
    };
    if let Some(phase) = phase {
        session.phase = phase;
        session.shown = 0;
        session.lags = lag;
        if session.phase == Phase::Starting {
            session.containers = containers(caller, request);
        }
    }
    let shown = show(world, caller, name).ok_or_else(missing)?;
    Ok(Response::json(200, &shown))
}

/// Never an error, whatever the name and whosever session it is.
pub(super) fn delete(world: &mut World, caller: &Caller, name: &str) -> Reply {
    if let Some(session) = find(world, caller, name) {
        session.phase = Phase::Stopping;
        session.shown = 0;
    }
    Ok(Response::empty(204))
}

pub(super) fn logs(world: &mut World, caller: &Caller, name: &str, request: &Request) -> Reply {
    let lines = match request.parameter("max_lines") {
        None => 250,
        Some(text) => text.parse().map_err(|_| {
            let problem = "Input should be a valid integer, unable to parse string as an integer";
            check::invalid("max_lines", problem)
        })?,
    };
    advance(world, caller, name);
    let session = find(world, caller, name).ok_or_else(|| {
        error(404, &format!("Cannot find session {name} for user {} to retrieve logs.", caller.id))
    })?;
    let mut logs = serde_json::Map::new();
    // There is no pod, and so nothing to read.
    if !matches!(session.phase, Phase::Hibernated | Phase::Hibernating) {
        for container in ["amalthea-session", "authproxy", "init-certificates", "git-clone"] {
            let all = (1..=5).map(|line| format!("{name}-0 {container} line {line}"));
            let all: Vec<String> = all.collect();
            let text = all[all.len().saturating_sub(lines)..].join("\n");
            logs.insert(container.into(), text.into());
        }
    }
    Ok(Response::json(200, &Value::Object(logs)))
}

/// A session as the browser opens it, with these fields more; its name.
pub(in super::super) fn open(
    world: &mut World,
    user: &str,
    launcher: &str,
    mut body: Value,
) -> String {
    body["launcher_id"] = json!(launcher);
    let caller = Caller { id: user.into(), anonymous: false, cookie: false };
    let request = Request {
        method: "POST".into(),
        path: "/api/data/sessions".into(),
        query: Vec::new(),
        headers: vec![("renku-auth-refresh-token".into(), "gateway".into())],
        body: body.to_string().into_bytes(),
    };
    let response = create(world, &caller, &request).unwrap();
    let shown: Value = serde_json::from_slice(response.body()).unwrap();
    shown["name"].as_str().unwrap().to_owned()
}
