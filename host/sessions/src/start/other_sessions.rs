//! The sessions that a project has when another one is started: named, because their
//! user may have forgotten them.

use super::error::StartError;
use super::provider::StartProvider;
use crate::context::Context;
use crate::domain::{Session, SessionStatus, is_plain_name};
use crate::failure::Failure;
use crate::list::LOCAL_LIST;
use crate::sandbox::{Instance, SandboxError};

/// Says which sessions there are and what can be done with them.
///
/// # Errors
///
/// When one of them has the `name` that was typed; when they cannot be listed.
pub(super) async fn tell(
    context: &Context,
    instance: &mut Instance,
    provider: &StartProvider,
    name: Option<&str>,
) -> Result<(), Failure> {
    // It is the first question of a start: an engine that hangs is found here.
    let listed = tokio::time::timeout(LOCAL_LIST, instance.session_list()).await;
    let listed = listed.map_err(|_| SandboxError::Deadline {
        provider: provider.file.shown(),
        seconds: LOCAL_LIST.as_secs(),
    })??;
    let option = provider.option();
    if let Some(taken) = listed.iter().find(|session| Some(session.name.as_str()) == name) {
        let name = taken.name.clone();
        let next = next(taken.status, &name, &option).unwrap_or_else(|| "wait a moment".into());
        return Err(StartError::NameTaken { name, next }.into());
    }
    let (ended, others): (Vec<Session>, Vec<Session>) =
        listed.into_iter().partition(|session| session.status == SessionStatus::Failed);
    let starting = if context.dry_run().is_some() { "" } else { ". Starting another" };
    for Session { name, status, .. } in others {
        let next = next(status, &name, &option).map(|next| format!("; {next}"));
        context.reporter().message(&format!(
            "Session `{name}` of this project is already {}{}{starting}",
            status.as_str(),
            next.unwrap_or_default()
        ));
    }
    if let Some(message) = told_of_ended(&ended, &option) {
        context.reporter().message(&message);
    }
    Ok(())
}

/// One line, however many there are.
fn told_of_ended(ended: &[Session], option: &str) -> Option<String> {
    let next = |name: &str| next(SessionStatus::Failed, name, option).unwrap_or_default();
    Some(match ended {
        [] => return None,
        [session] => {
            let name = &session.name;
            format!("Session `{name}` of this project has failed; {}", next(name))
        }
        several => {
            let names: Vec<_> = several.iter().map(|it| format!("`{}`", it.name)).collect();
            format!("Sessions {} of this project have failed; {}", names.join(", "), next("NAME"))
        }
    })
}

/// What can be done with a session in this state; none while that changes.
fn next(status: SessionStatus, name: &str, option: &str) -> Option<String> {
    if !is_plain_name(name) {
        return Some(format!("`renku session stop{option} --all` stops it and all others"));
    }
    let command = |verb: &str| format!("`renku session {verb}{option} {name}`");
    Some(match status {
        SessionStatus::Starting | SessionStatus::Running | SessionStatus::Unknown => {
            format!("{} opens it", command("open"))
        }
        SessionStatus::Paused | SessionStatus::Hibernated => {
            format!("{} resumes it", command("resume"))
        }
        SessionStatus::Failed => {
            format!("{} shows why, {} removes it", command("logs"), command("stop"))
        }
        SessionStatus::Stopped => format!("{} removes it", command("stop")),
        SessionStatus::Stopping => return None,
    })
}
