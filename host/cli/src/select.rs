//! Which session a command is about.

use super::app::App;
use super::error::{CommandError, Failure};
use super::lists::{Answer, Answers, Providers, Scope};
use super::unheard::Unheard;
use crate::domain::{Diagnostic, ErrorKind, Session};

/// A session the user meant, and who has it.
pub(super) struct Chosen {
    pub(super) answer: Answer,
    pub(super) session: Session,
    /// Who may have another one, when none was named.
    pub(super) unheard: Unheard,
}

/// Splits `provider/name`. A session's own name has no slash.
fn split(name: &str) -> (Option<&str>, &str) {
    match name.rsplit_once('/') {
        Some((provider, name)) => (Some(provider), name),
        None => (None, name),
    }
}

/// Finds the session that was meant, and says so when it need not be; an error
/// when there is none.
pub(super) async fn the_one(
    app: &App,
    scope: Scope<'_>,
    name: Option<&str>,
) -> Result<Chosen, Failure> {
    let everywhere = scope.all_projects;
    let mut chosen = choose(app, scope, name)
        .await?
        .ok_or_else(|| Failure::from(CommandError::NoSession { everywhere }))?;
    std::mem::take(&mut chosen.unheard).warn(app, &chosen.session);
    Ok(chosen)
}

/// Finds the session that was meant: `NAME`, `provider/NAME`, or the only one.
/// None when nothing was named and there is no session at all.
pub(super) async fn choose(
    app: &App,
    mut scope: Scope<'_>,
    name: Option<&str>,
) -> Result<Option<Chosen>, Failure> {
    let (prefix, name) = match name.map(split) {
        Some((prefix, name)) => (prefix, Some(name)),
        None => (None, None),
    };
    scope.provider = match (scope.provider, prefix) {
        (Some(option), Some(prefix)) if option != prefix => {
            let (option, prefix) = (option.to_owned(), prefix.to_owned());
            return Err(CommandError::TwoProviders { option, prefix }.into());
        }
        (option, prefix) => option.or(prefix),
    };
    let providers = Providers::of(app, &scope)?.with_warnings(app);
    let found = match name {
        Some(name) => named(app, providers, name).await?,
        None => providers.list(app).await?,
    };
    let chosen = pick(found, name, scope.all_projects)?;
    match chosen.as_ref().and_then(|chosen| CommandError::unusable_name(&chosen.session)) {
        Some(unusable) => Err(unusable.into()),
        None => Ok(chosen),
    }
}

/// What a local provider knows by this name is not looked for elsewhere.
async fn named(app: &App, providers: Providers, name: &str) -> Result<Answers, Failure> {
    let (local, remote) = providers.apart();
    let found = local.list(app).await?;
    let known = found.answers.iter().any(|answer| has(answer, name));
    if known || remote.is_empty() {
        return Ok(found);
    }
    Ok(found.and(remote.list(app).await?))
}

fn has(answer: &Answer, name: &str) -> bool {
    answer.sessions.iter().any(|session| session.name == name)
}

fn pick(found: Answers, name: Option<&str>, everywhere: bool) -> Result<Option<Chosen>, Failure> {
    let names: Vec<String> = found
        .answers
        .iter()
        .flat_map(|answer| &answer.sessions)
        .map(|session| session.name.clone())
        .collect();
    let wanted = |session: &Session| name.is_none_or(|name| session.name == name);
    let mut matching: Vec<Chosen> = found
        .answers
        .into_iter()
        .filter_map(|answer| {
            let session = answer.sessions.iter().find(|session| wanted(session))?.clone();
            Some(Chosen { answer, session, unheard: Unheard::default() })
        })
        .collect();
    match (matching.len(), name) {
        (1.., None) if names.len() > 1 => {
            Err(CommandError::SeveralSessions { sessions: names, everywhere }.into())
        }
        (2.., Some(name)) => Err(CommandError::SeveralProviders {
            name: name.into(),
            providers: matching.iter().map(|it| it.session.provider.clone()).collect(),
        }
        .into()),
        (1.., Some(_)) => Ok(matching.pop()),
        (1.., None) => {
            let unheard = Unheard::new(found.silent);
            Ok(matching.pop().map(|chosen| Chosen { unheard, ..chosen }))
        }
        // Who did not answer may have it: then that is what the user must know.
        (0, _) if let Some(failed) = found.silent.into_iter().next() => Err(failed.error.into()),
        (0, Some(name)) => {
            Err(CommandError::UnknownSession { name: name.into(), sessions: names, everywhere }
                .into())
        }
        (0, None) => Ok(None),
    }
}

/// Whether a failure is the user's interrupt.
pub(super) fn is_interrupt(error: &dyn Diagnostic) -> bool {
    error.kind() == ErrorKind::Cancelled
}
