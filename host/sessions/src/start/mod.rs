//! Starting a session, step by step as in `docs/architecture.md`.

mod cleanup;
mod dry_run;
mod engine_options;
mod error;
mod files;
mod image;
mod options;
mod other_sessions;
mod plan;
mod provider;
mod request;
mod start_values;

use crate::context::{Context, Means};
use crate::domain::Session;
use crate::failure::Failure;
use crate::image::CandidateImage;
use crate::location::Location;
use crate::sandbox::{Instance, Invocation};
use crate::select;

pub use dry_run::WouldChange;
pub use error::StartError;
pub use options::{Mount, StartOptions, Wait};
pub use plan::StartPlan;
pub use provider::{StartProvider, TypedOption};

/// The outcome of a start.
pub enum Start {
    Started(Box<Started>),
    /// The end of a dry run.
    WouldChange(WouldChange),
}

/// A session that was started.
pub struct Started {
    pub session: Session,
    /// Where its address works.
    pub location: Location,
    /// What a user must add to a command to reach it (` -p FILE`), else empty.
    pub option: String,
}

/// Starts a session. After a failure or an interrupt nothing of it is left.
///
/// # Errors
///
/// When there is no session in the end.
pub async fn start(context: &Context, plan: StartPlan) -> Result<Start, Failure> {
    let StartPlan { provider, candidate, request, engine_options, mount, may_push, keep_failed } =
        plan;
    context.permit(&provider.file).await?;
    let loaded = context.load(&provider.file)?;
    let files = files::files(mount, context.project()?.as_ref())?;
    let means = Means { files, engine_options, may_push, compares_with_server: true };
    let invocation = context.invocation(&provider.file, request, &means);
    let mut instance = loaded.instantiate(invocation.clone()).await?;

    // Whatever ends it, what it created is removed.
    let own_end = context.cancel().own_end();
    let work = run(context, &mut instance, &invocation, &candidate, &provider);
    let result = context.soon_ended(work).await;
    context.reporter().finish();
    let result = match context.dry_run() {
        None => result,
        Some(dry_run) => match dry_run::written_down(dry_run, result) {
            Ok(changes) => return Ok(Start::WouldChange(changes)),
            Err(failure) => Err(failure),
        },
    };
    let option = provider.option();
    let session = match result {
        Ok(session) => session,
        Err(failure) => {
            context.notices().phase_failed();
            let created = instance.created().to_vec();
            drop(instance);
            // Who interrupts a start wants nothing of it.
            if keep_failed && !created.is_empty() && !select::is_interrupt(failure.0.as_ref()) {
                cleanup::keep(context, &created, &option);
                return Err(failure);
            }
            cleanup::after_failure(context, &loaded, &invocation, &created, &option).await;
            return Err(failure);
        }
    };
    drop(own_end);
    let location = Location::of_engine(invocation.containers).await?;
    Ok(Start::Started(Box::new(Started { session, location, option })))
}

/// The calls of a start. What they create is cleaned up by the caller when one
/// of them fails.
async fn run(
    context: &Context,
    instance: &mut Instance,
    invocation: &Invocation,
    candidate: &CandidateImage,
    provider: &StartProvider,
) -> Result<Session, Failure> {
    // Elsewhere it is the service that knows whether there may be another one.
    if !provider.file.manifest.remote {
        let name = invocation.request.session_name.as_deref();
        other_sessions::tell(context, instance, provider, name).await?;
    }
    if let Some(containers) = &invocation.containers {
        context.unless_interrupted(containers.check_project_files()).await?;
    }
    let image = image::resolve(candidate, context, instance, invocation).await?;
    Ok(instance.session_start(&image).await?)
}
