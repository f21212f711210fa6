//! Which sessions a command is about, over all providers that can have an answer.

use std::time::Duration;

use futures_util::future::join_all;

use super::app::App;
use super::error::{CommandError, Failure};
use crate::domain::{Diagnostic, ErrorKind, Session};
use crate::providers::{self, Package};
use crate::sandbox::{CallError, Instance, Request, SandboxError};

/// How long one provider may take to list its sessions.
const LOCAL_LIST: Duration = Duration::from_secs(30);
const REMOTE_LIST: Duration = Duration::from_secs(3);

/// The providers a command asks.
pub(super) struct Providers {
    pub(super) packages: Vec<Package>,
    /// Whether the user named one; then its failure is an error, not a warning.
    pub(super) named: bool,
    /// How long each may take; none: what is usual.
    pub(super) limit: Option<Duration>,
}

/// What one provider answered.
pub(super) struct Answer {
    pub(super) package: Package,
    pub(super) instance: Instance,
    pub(super) sessions: Vec<Session>,
}

/// A provider that did not answer.
pub(super) struct Silent {
    pub(super) provider: String,
    pub(super) error: CallError,
}

impl Providers {
    /// The named one, or all.
    pub(super) fn of(named: Option<&str>) -> Result<Self, Failure> {
        Ok(match named {
            Some(name) => Self { packages: vec![providers::find(name)?], named: true, limit: None },
            None => Self { packages: providers::every()?, named: false, limit: None },
        })
    }

    /// Asks all of them for their sessions, at the same time.
    pub(super) async fn list(
        self,
        app: &App,
        request: &Request,
    ) -> Result<(Vec<Answer>, Vec<Silent>), Failure> {
        let named = self.named;
        let mut asked = Vec::new();
        for package in self.packages {
            app.permit(&package).await?;
            asked.push(ask(app, package, request.clone(), self.limit));
        }
        let mut answers = Vec::new();
        let mut silent = Vec::new();
        for result in join_all(asked).await {
            match result {
                Ok(answer) => answers.push(answer),
                Err(failed) if named => return Err(failed.error.into()),
                Err(failed) => silent.push(failed),
            }
        }
        Ok((answers, silent))
    }
}

async fn ask(
    app: &App,
    package: Package,
    request: Request,
    limit: Option<Duration>,
) -> Result<Answer, Silent> {
    let provider = package.identity.clone();
    let usual = if package.manifest.remote { REMOTE_LIST } else { LOCAL_LIST };
    let limit = limit.unwrap_or(usual);
    let listing = async {
        let mut instance = app.instance(&package, request).await?;
        let sessions = instance.session_list().await?;
        Ok(Answer { package, instance, sessions })
    };
    let result = tokio::time::timeout(limit, listing).await;
    result
        .unwrap_or_else(|_| {
            let seconds = limit.as_secs();
            Err(SandboxError::Deadline { provider: provider.clone(), seconds }.into())
        })
        .map_err(|error: CallError| Silent { provider, error })
}

/// A session the user meant: `NAME`, `provider/NAME`, or nothing for the only one.
pub(super) struct Chosen {
    pub(super) answer: Answer,
    pub(super) session: Session,
}

/// Splits `provider/name`. A session's own name has no slash.
pub(super) fn split(name: &str) -> (Option<&str>, &str) {
    match name.rsplit_once('/') {
        Some((provider, name)) => (Some(provider), name),
        None => (None, name),
    }
}

/// Finds the session that was meant; an error when there is none.
pub(super) async fn the_one(
    app: &App,
    provider: Option<&str>,
    name: Option<&str>,
) -> Result<Chosen, Failure> {
    choose(app, provider, name).await?.ok_or_else(|| CommandError::NoSession.into())
}

/// Finds the session that was meant; none when nothing was named and there is
/// no session at all.
pub(super) async fn choose(
    app: &App,
    provider: Option<&str>,
    name: Option<&str>,
) -> Result<Option<Chosen>, Failure> {
    let (prefix, name) = match name.map(split) {
        Some((prefix, name)) => (prefix, Some(name)),
        None => (None, None),
    };
    let request = app.project_request()?;
    let (answers, silent) = Providers::of(provider.or(prefix))?.list(app, &request).await?;
    let names: Vec<String> = answers
        .iter()
        .flat_map(|answer| &answer.sessions)
        .map(|session| session.name.clone())
        .collect();
    let wanted = |session: &Session| name.is_none_or(|name| session.name == name);
    let mut matching = answers.into_iter().filter_map(|answer| {
        let session = answer.sessions.iter().find(|session| wanted(session))?.clone();
        Some(Chosen { answer, session })
    });
    match (matching.next(), name) {
        (Some(_), None) if names.len() > 1 => {
            Err(CommandError::SeveralSessions { sessions: names }.into())
        }
        (Some(chosen), _) => Ok(Some(chosen)),
        // Who did not answer may have it: then that is what the user must know.
        (None, _) if let Some(failed) = silent.into_iter().next() => Err(failed.error.into()),
        (None, Some(name)) => {
            Err(CommandError::UnknownSession { name: name.into(), sessions: names }.into())
        }
        (None, None) => Ok(None),
    }
}

/// Whether a failure is the user's interrupt.
pub(super) fn is_interrupt(error: &dyn Diagnostic) -> bool {
    error.kind() == ErrorKind::Cancelled
}
