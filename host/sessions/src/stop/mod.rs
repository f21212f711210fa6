//! Stopping sessions: the named ones, the only one, all of this project, or all there
//! are.

mod error;
mod unsaved;

use crate::context::Context;
use crate::domain::Session;
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::{Listed, Listing, Providers, Scope};
use crate::pull;
use crate::sandbox::CallError;
use crate::select::{self, SelectError};

pub use error::StopError;
use unsaved::Unsaved;

/// Which sessions are meant.
#[derive(Debug, Clone)]
pub enum Which {
    /// The only one, if there is one.
    Only,
    Named(Vec<String>),
    /// All that the scope has.
    All,
}

/// What became of them.
#[derive(Default)]
pub struct Stopped {
    /// Those that are gone now, as they were before.
    pub sessions: Vec<Session>,
    /// Whether only the copy of the project was left of the session that was meant, and is
    /// gone now.
    pub only_a_copy: bool,
    /// What went wrong with single ones, where that was not reported yet.
    pub warnings: Vec<Failure>,
    /// Why the command failed, if it did.
    pub failure: Option<Failure>,
}

/// Stops sessions. Asks first where work would be lost.
///
/// # Errors
///
/// When nothing was stopped: it is not clear which is meant, the user declined, or the
/// only session that was meant did not stop.
pub async fn stop(context: &Context, scope: &Scope, which: Which) -> Result<Stopped, Failure> {
    let mut unsaved = Unsaved::look(context, scope);
    let unsaved = &mut unsaved;
    match which {
        Which::All => stop_all(context, scope, unsaved).await,
        Which::Only => stop_only(context, scope, None, unsaved).await,
        Which::Named(names) => match names.as_slice() {
            [name] => stop_only(context, scope, Some(name), unsaved).await,
            names => stop_several(context, scope, names, unsaved).await,
        },
    }
}

async fn stop_only(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
    unsaved: &mut Unsaved,
) -> Result<Stopped, Failure> {
    let stopped = stop_one(context, scope, name, unsaved).await?;
    let only_a_copy = name.is_some() && stopped.is_none();
    Ok(Stopped { sessions: stopped.into_iter().collect(), only_a_copy, ..Stopped::default() })
}

/// One that cannot be stopped does not keep the others running.
async fn stop_several(
    context: &Context,
    scope: &Scope,
    names: &[String],
    unsaved: &mut Unsaved,
) -> Result<Stopped, Failure> {
    let mut stopped = Stopped::default();
    let mut failed = 0;
    for name in names {
        match stop_one(context, scope, Some(name), unsaved).await {
            Ok(session) => stopped.sessions.extend(session),
            Err(failure) if select::is_interrupt(failure.0.as_ref()) => return Err(failure),
            Err(failure) => {
                context.notices().warning(failure.0.as_ref());
                failed += 1;
            }
        }
    }
    if failed > 0 {
        stopped.failure = Some(StopError::Partly { failed, total: names.len() }.into());
    }
    Ok(stopped)
}

/// Stops a session; none when nothing was named and there is none, or only its copy of
/// the project was left by a stop that was interrupted.
async fn stop_one(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
    unsaved: &mut Unsaved,
) -> Result<Option<Session>, Failure> {
    let chosen = match (select::choose(context, scope, name).await, name) {
        (Err(failure), Some(name)) => {
            let is_unknown = matches!(failure.as_a(), Some(SelectError::UnknownSession { .. }));
            let own = select::own_name(name);
            if is_unknown && context.remove_left_copy_of(own, scope.all_projects).await? {
                return Ok(None);
            }
            return Err(failure);
        }
        (chosen, _) => chosen?,
    };
    let Some(mut chosen) = chosen else { return Ok(None) };
    std::mem::take(&mut chosen.unheard).ask_to_stop(context, &chosen.session).await?;
    let provider = &chosen.listed.provider;
    let session = std::slice::from_ref(&chosen.session);
    let touched = if provider.manifest.remote { &[] } else { session };
    unsaved.ask(context, touched).await?;
    let unreadable = pull::ask_before_stop(context, provider, session).await?;
    if let Some(unreadable) = unreadable.into_iter().next() {
        return Err(unreadable.failure);
    }
    context.reporter().phase(&format!("Stopping {}", chosen.session.name));
    let result = chosen.listed.instance.session_stop(Some(&chosen.session.name), false).await;
    finish(context, result.is_ok());
    unsaved.warn(context, touched).await;
    match (result?, name) {
        (true, _) => Ok(Some(chosen.session)),
        (false, None) => Ok(None),
        (false, Some(_)) => Err(StopError::Gone { name: chosen.session.name }.into()),
    }
}

/// Every provider is asked; one that cannot be asked is a warning, because the
/// others' sessions are to be stopped all the same.
async fn stop_all(
    context: &Context,
    scope: &Scope,
    unsaved: &mut Unsaved,
) -> Result<Stopped, Failure> {
    let Listing { listed, unanswered } =
        Providers::of(context, scope)?.reporting_broken(context).list(context).await?;
    if scope.all_projects {
        let sessions: Vec<&Session> = listed.iter().flat_map(|it| &it.sessions).collect();
        ask_for_all(context, &sessions).await?;
    }
    let local = listed.iter().filter(|it| !it.provider.manifest.remote);
    let local: Vec<Session> = local.flat_map(|it| &it.sessions).cloned().collect();
    unsaved.ask(context, &local).await?;
    let total = listed.iter().map(|its| its.sessions.len()).sum();
    let mut unreadable = Vec::new();
    for its in &listed {
        unreadable.extend(pull::ask_before_stop(context, &its.provider, &its.sessions).await?);
    }
    let stays = |session: &Session| unreadable.iter().any(|it| it.session == session.name);

    let mut stopped = Stopped::default();
    // A provider that did not answer may have had some.
    let mut failed: Vec<Failure> = unanswered.into_iter().map(|it| it.error.into()).collect();
    for mut its in listed {
        let all = its.sessions.len();
        its.sessions.retain(|session| !stays(session));
        if its.sessions.is_empty() {
            continue;
        }
        let names: Vec<_> = its.sessions.iter().map(|session| session.name.as_str()).collect();
        context.reporter().phase(&format!("Stopping {}", names.join(", ")));
        let result = match its.sessions.len() == all {
            true => stop_whole(&mut its).await,
            false => stop_each(&mut its).await,
        };
        finish(context, result.is_ok());
        match result {
            Ok(()) => stopped.sessions.append(&mut its.sessions),
            Err(error) if select::is_interrupt(&error) => {
                failed = vec![error.into()];
                break;
            }
            Err(error) => failed.push(error.into()),
        }
    }
    unsaved.warn(context, &local).await;
    if failed.is_empty() && scope.provider.is_none() {
        context.offer_to_remove_left_copies(scope.all_projects).await?;
    }
    if !unreadable.is_empty() {
        let failed_here = unreadable.len();
        failed.extend(unreadable.into_iter().map(|it| it.failure));
        stopped.warnings = failed;
        stopped.failure = Some(StopError::Partly { failed: failed_here, total }.into());
        return Ok(stopped);
    }
    // One failure is that of the command; of several each is a warning.
    if failed.len() < 2 {
        stopped.failure = failed.pop();
    } else {
        stopped.failure = Some(StopError::SeveralFailed { providers: failed.len() }.into());
        stopped.warnings = failed;
    }
    Ok(stopped)
}

/// All that a provider has. What it did not have to stop is not kept.
async fn stop_whole(its: &mut Listed) -> Result<(), CallError> {
    if !its.instance.session_stop(None, true).await? {
        its.sessions.clear();
    }
    Ok(())
}

/// Some of several stay.
async fn stop_each(its: &mut Listed) -> Result<(), CallError> {
    let mut stopped = Vec::new();
    for session in std::mem::take(&mut its.sessions) {
        if its.instance.session_stop(Some(&session.name), false).await? {
            stopped.push(session);
        }
    }
    its.sessions = stopped;
    Ok(())
}

/// Sessions of other projects are easily forgotten: they are named first.
async fn ask_for_all(context: &Context, sessions: &[&Session]) -> Result<(), Failure> {
    if sessions.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = sessions
        .iter()
        .map(|session| match &session.project {
            Some(project) => format!("  {} ({project})", session.name),
            None => format!("  {}", session.name),
        })
        .collect();
    let question = format!("Sessions of all your projects:\n{}\nStop them?", lines.join("\n"));
    if context.confirm("--yes", question).await? {
        Ok(())
    } else {
        Err(SessionsError::Declined { what: "stopping the sessions" }.into())
    }
}

fn finish(context: &Context, well: bool) {
    if !well {
        context.notices().phase_failed();
    }
    context.reporter().finish();
}
