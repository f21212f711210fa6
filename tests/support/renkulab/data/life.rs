//! What a session goes through, and how it looks at each moment.

use serde_json::{Value, json};

use super::super::ids;
use super::super::world::{Pace, Phase, Session, World};
use super::Caller;

pub(super) fn find<'a>(
    world: &'a mut World,
    caller: &Caller,
    name: &str,
) -> Option<&'a mut Session> {
    let own = |session: &&mut Session| session.name == name && session.user == caller.id;
    world.sessions.iter_mut().find(own)
}

/// Looks at a session: time goes on by being looked at.
pub(super) fn observe(world: &mut World, caller: &Caller, name: &str) -> Option<Value> {
    advance(world, caller, name);
    show(world, caller, name)
}

/// The next phase, when this one was shown often enough.
pub(super) fn advance(world: &mut World, caller: &Caller, name: &str) {
    let Pace { starting, stopping } = world.pace;
    let Some(session) = find(world, caller, name) else { return };
    let next = match &session.phase {
        Phase::Starting if session.shown >= starting => match session.fate.take() {
            Some(message) => Phase::Failed(message),
            None if session.submission.is_some() => Phase::Succeeded,
            None => Phase::Running,
        },
        // The cluster tries again by itself.
        Phase::Failed(_) if session.recovers.is_some_and(|looks| session.shown >= looks) => {
            session.recovers = None;
            Phase::Running
        }
        Phase::Hibernating if session.shown >= 1 => Phase::Hibernated,
        Phase::Stopping if session.shown >= stopping => {
            world.sessions.retain(|session| session.name != name);
            return;
        }
        _ => return,
    };
    session.phase = next;
    session.shown = 0;
}

pub(super) fn show(world: &mut World, caller: &Caller, name: &str) -> Option<Value> {
    let session = find(world, caller, name)?;
    session.shown = session.shown.saturating_add(1);
    let session = world.sessions.iter().find(|session| session.name == name)?;
    let total = session.containers;
    let (state, ready) = match &session.phase {
        Phase::Starting => ("starting", session.shown.saturating_sub(2).min(total - 1)),
        Phase::Running => ("running", total),
        Phase::Hibernating => ("hibernated", total / 2),
        Phase::Hibernated => ("hibernated", 0),
        Phase::Stopping => ("stopping", 0),
        Phase::Failed(_) => ("failed", 0),
        Phase::Succeeded => ("succeeded", total),
    };
    let mut status = json!({});
    if let Phase::Failed(message) = &session.phase {
        status["message"] = json!(message);
    }
    status["state"] = json!(state);
    match &session.phase {
        Phase::Running if session.submission.is_none() => {
            status["will_hibernate_at"] = json!(ids::time(86_400));
        }
        Phase::Hibernating => status["will_hibernate_at"] = json!(ids::time(86_400)),
        Phase::Hibernated => status["will_delete_at"] = json!(ids::time(86_400)),
        _ => {}
    }
    if let (Phase::Running, Some(warning)) = (&session.phase, &session.warning) {
        status["message"] = json!(warning);
    }
    status["ready_containers"] = json!(ready);
    status["total_containers"] = json!(total);
    let (class, _) = world.class(session.class)?;
    let mut requests = json!({"cpu": class["cpu"], "memory": gigabytes(&class["memory"]), "storage": session.storage});
    if class["gpu"] != 0 {
        requests["gpu"] = class["gpu"].clone();
    }
    let mut shown = json!({
        "image": session.image,
        "name": session.name,
        "resources": {"requests": requests},
        "started": session.started,
    });
    if let Some(interaction) = &session.interaction {
        shown["lastInteraction"] = json!(interaction);
    }
    shown["status"] = status;
    // A job has no address, and says so in a text.
    shown["url"] = match session.submission {
        None => json!(format!(
            "{}/sessions/{}/{}/",
            world.base,
            session.name,
            session.default_url.trim_matches('/')
        )),
        Some(_) => json!("None"),
    };
    shown["project_id"] = json!(session.project);
    shown["launcher_id"] = json!(session.launcher);
    shown["resource_class_id"] = json!(session.class);
    let kind = if session.submission.is_none() { "interactive" } else { "non-interactive" };
    shown["session_type"] = json!(kind);
    if let Some(submission) = &session.submission {
        shown["submission_id"] = json!(submission);
    }
    shown["command_args"] = json!(session.arguments);
    Some(shown)
}

/// Classes count in GiB, sessions in GB: 32 is shown as 34.
fn gigabytes(gibibytes: &Value) -> u64 {
    gibibytes.as_u64().unwrap() * (1 << 30) / 1_000_000_000
}
