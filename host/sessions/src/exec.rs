//! Commands in a session that is a container, and where an editor finds it.

use std::sync::Arc;

use crate::context::{Context, Means};
use crate::contract::{EnginePlace, ExecSpec, ExecStreams, HostEngine, Inside};
use crate::domain::Session;
use crate::domain::changes::Change;
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::Scope;
use crate::sandbox::{Capability, Request};
use crate::select::{self, Chosen};

/// Runs a command in the session `name`, or in the only one, and gives its exit status.
///
/// # Errors
///
/// When it is not clear which is meant, the session is no container, or the command could
/// not be started.
pub async fn exec(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
    spec: &ExecSpec,
    streams: ExecStreams,
) -> Result<i32, Failure> {
    let chosen = select::the_one(context, scope, name).await?;
    let engine = engine_of(context, scope, &chosen, "run commands in a session")?;
    let session = chosen.session.name.clone();
    let command = spec.command.first().cloned().unwrap_or_default();
    context.may(|| Change::Exec { session, command })?;
    Ok(engine.exec(&chosen.session.name, spec, streams).await?)
}

/// A session as an editor attaches to it.
pub struct Attachable {
    pub session: Session,
    pub inside: Inside,
    /// Where its engine is.
    pub place: EnginePlace,
}

/// Where an editor finds the session `name`, or the only one.
///
/// # Errors
///
/// As [`exec`].
pub async fn attachable(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
) -> Result<Attachable, Failure> {
    let chosen = select::the_one(context, scope, name).await?;
    let engine = engine_of(context, scope, &chosen, "attach an editor to a session")?;
    let inside = engine.inside(&chosen.session.name).await?;
    let place = engine.place().await?;
    Ok(Attachable { session: chosen.session, inside, place })
}

/// The engine of a session. What somebody else runs cannot be entered from here.
fn engine_of(
    context: &Context,
    scope: &Scope,
    chosen: &Chosen,
    what: &'static str,
) -> Result<Arc<dyn HostEngine>, Failure> {
    let provider = &chosen.listed.provider;
    let unable = || SessionsError::Unable { provider: provider.shown(), what };
    if !provider.sections.capabilities().contains(&Capability::Containers) {
        return Err(unable().into());
    }
    let request = match scope.all_projects {
        true => Request::default(),
        false => context.project_request()?,
    };
    let invocation = context.invocation(provider, request, &Means::default());
    Ok(invocation.containers.ok_or_else(unable)?)
}
