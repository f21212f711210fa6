//! Which session a command is about.

mod error;
mod unheard;

use crate::context::Context;
use crate::domain::{Diagnostic, ErrorKind, Session};
use crate::failure::Failure;
use crate::list::{Listed, Listing, Providers, Scope};

pub use error::SelectError;
use unheard::Unheard;

/// The session that the user meant, and the provider that has it.
pub(crate) struct Chosen {
    pub(crate) listed: Listed,
    pub(crate) session: Session,
    /// Who may have another one, when none was named.
    pub(crate) unheard: Unheard,
}

/// Splits `provider/name`. A session's own name has no slash.
fn split(name: &str) -> (Option<&str>, &str) {
    match name.rsplit_once('/') {
        Some((provider, name)) => (Some(provider), name),
        None => (None, name),
    }
}

/// The name without that of its provider.
pub(super) fn own_name(name: &str) -> &str {
    split(name).1
}

/// Finds the session that was meant, and says so when it need not be; an error
/// when there is none.
pub(crate) async fn the_one(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
) -> Result<Chosen, Failure> {
    let everywhere = scope.all_projects;
    let mut chosen = choose(context, scope, name)
        .await?
        .ok_or_else(|| Failure::from(SelectError::NoSession { everywhere }))?;
    std::mem::take(&mut chosen.unheard).warn(context, &chosen.session);
    Ok(chosen)
}

/// Finds the session that was meant: `NAME`, `provider/NAME`, or the only one.
/// None when nothing was named and there is no session at all.
pub(crate) async fn choose(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
) -> Result<Option<Chosen>, Failure> {
    let (prefix, name) = match name.map(split) {
        Some((prefix, name)) => (prefix, Some(name)),
        None => (None, None),
    };
    let provider = match (scope.provider.as_deref(), prefix) {
        (Some(option), Some(prefix)) if option != prefix => {
            let (option, prefix) = (option.to_owned(), prefix.to_owned());
            return Err(SelectError::TwoProviders { option, prefix }.into());
        }
        (option, prefix) => option.or(prefix).map(str::to_owned),
    };
    let scope = Scope { provider, ..scope.clone() };
    let providers = Providers::of(context, &scope)?.reporting_broken(context);
    let found = match name {
        Some(name) => named(context, &providers, name).await?,
        None => providers.list(context).await?,
    };
    let chosen = pick(found, name, scope.all_projects)?;
    match chosen.as_ref().and_then(|chosen| SelectError::unusable_name(&chosen.session)) {
        Some(unusable) => Err(unusable.into()),
        None => Ok(chosen),
    }
}

/// What a local provider knows by this name is not looked for elsewhere.
async fn named(context: &Context, providers: &Providers, name: &str) -> Result<Listing, Failure> {
    let found = providers.list_local(context).await?;
    if found.listed.iter().any(|listed| has(listed, name)) {
        return Ok(found);
    }
    let found = found.and(providers.list_remote(context).await?);
    if found.listed.iter().any(|listed| has(listed, name)) || !found.is_whole() {
        return Ok(found);
    }
    // The name of a session elsewhere says which is meant, whatever project it is of: one
    // that was started with `--project` is of another than this folder.
    let mut elsewhere = providers.list_remote_of_all_projects(context).await?;
    elsewhere.listed.retain(|listed| has(listed, name));
    Ok(if elsewhere.listed.is_empty() { found } else { elsewhere })
}

fn has(listed: &Listed, name: &str) -> bool {
    listed.sessions.iter().any(|session| session.name == name)
}

fn pick(found: Listing, name: Option<&str>, everywhere: bool) -> Result<Option<Chosen>, Failure> {
    let names: Vec<String> = found
        .listed
        .iter()
        .flat_map(|listed| &listed.sessions)
        .map(|session| session.name.clone())
        .collect();
    let wanted = |session: &Session| name.is_none_or(|name| session.name == name);
    let mut matching: Vec<Chosen> = found
        .listed
        .into_iter()
        .filter_map(|listed| {
            let session = listed.sessions.iter().find(|session| wanted(session))?.clone();
            Some(Chosen { listed, session, unheard: Unheard::default() })
        })
        .collect();
    match (matching.len(), name) {
        (1.., None) if names.len() > 1 => {
            Err(SelectError::SeveralSessions { sessions: names, everywhere }.into())
        }
        (2.., Some(name)) => Err(SelectError::SeveralProviders {
            name: name.into(),
            providers: matching.iter().map(|it| it.session.provider.clone()).collect(),
        }
        .into()),
        (1.., Some(_)) => Ok(matching.pop()),
        (1.., None) => {
            let unheard = Unheard::new(found.unanswered);
            Ok(matching.pop().map(|chosen| Chosen { unheard, ..chosen }))
        }
        // Who did not answer may have it: then that is what the user must know.
        (0, _) if let Some(failed) = found.unanswered.into_iter().next() => {
            Err(failed.error.into())
        }
        (0, Some(name)) => {
            Err(SelectError::UnknownSession { name: name.into(), sessions: names, everywhere }
                .into())
        }
        (0, None) => Ok(None),
    }
}

/// Whether a failure is the user's interrupt.
pub(crate) fn is_interrupt(error: &dyn Diagnostic) -> bool {
    error.kind() == ErrorKind::Cancelled
}
