//! Pausing and resuming a session, with providers that can.

use crate::context::Context;
use crate::domain::{Session, SessionStatus};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::Scope;
use crate::location::Location;
use crate::select::{self, Chosen};

/// Pauses the session `name`, or the only one. Gives it as it is now.
///
/// # Errors
///
/// When it is not clear which is meant, or its provider cannot.
pub async fn pause(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
) -> Result<Session, Failure> {
    let mut chosen = select::the_one(context, scope, name).await?;
    if chosen.listed.instance.pause(&chosen.session.name).await?.is_none() {
        return Err(unable(&chosen, "pause sessions"));
    }
    // A frozen session answers nobody.
    Ok(Session { status: SessionStatus::Paused, url: None, ..chosen.session })
}

/// Resumes the session `name`, or the only one. Gives it as it is now.
///
/// # Errors
///
/// As [`pause`].
pub async fn resume(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
) -> Result<Session, Failure> {
    let mut chosen = select::the_one(context, scope, name).await?;
    let name = &chosen.session.name;
    if chosen.listed.instance.resume(name).await?.is_none() {
        return Err(unable(&chosen, "resume sessions"));
    }
    // What it is now, with its URL, only the provider knows.
    let listed = chosen.listed.instance.session_list().await?;
    let session = listed.into_iter().find(|session| session.name == *name);
    let session = session.unwrap_or(chosen.session);
    if let Some(url) = &session.url {
        let location = Location::of_provider(context, &chosen.listed.provider).await?;
        location.warn_of_everybody(context, &session.name, url).await;
    }
    Ok(session)
}

fn unable(chosen: &Chosen, what: &'static str) -> Failure {
    SessionsError::Unable { provider: chosen.listed.provider.shown(), what }.into()
}
