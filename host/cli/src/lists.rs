//! What providers answer when they are asked for their sessions.

use std::path::Path;
use std::time::Duration;

use futures_util::future::{join, join_all};

use super::app::App;
use super::args::{CommonArgs, ScopeArgs};
use super::error::{CommandError, Failure};
use crate::config;
use crate::domain::Session;
use crate::output::Warning;
use crate::project::ProjectError;
use crate::providers::ProviderFile;
use crate::sandbox::{CallError, Instance, Request, SandboxError};

/// How long one provider may take to list its sessions.
pub(super) const LOCAL_LIST: Duration = Duration::from_secs(30);
const REMOTE_LIST: Duration = Duration::from_secs(3);

/// Where a command looks for sessions.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The only provider that is asked.
    pub(super) provider: Option<&'a str>,
    /// Its configuration.
    pub(super) config: Option<&'a Path>,
    /// Whether sessions of other projects count, too.
    pub(super) all_projects: bool,
    /// How long each provider may take; none: what is usual.
    pub(super) limit: Option<Duration>,
}

impl<'a> Scope<'a> {
    /// As it was typed.
    pub(super) fn of(common: &'a CommonArgs, scope: &'a ScopeArgs) -> Self {
        Self {
            provider: common.provider.as_deref(),
            config: scope.config.as_deref(),
            all_projects: scope.all_projects,
            limit: None,
        }
    }
}

/// The providers a command asks, and for what.
#[derive(Clone)]
pub(super) struct Providers {
    packages: Vec<ProviderFile>,
    /// Whether the user named one; then its failure is an error, not a warning.
    named: bool,
    /// Those that may have sessions and cannot be asked.
    broken: Vec<Warning>,
    limit: Option<Duration>,
    request: Request,
}

/// What one provider answered.
pub(super) struct Answer {
    pub(super) package: ProviderFile,
    pub(super) instance: Instance,
    pub(super) sessions: Vec<Session>,
}

/// A provider that did not answer.
pub(super) struct Silent {
    pub(super) provider: String,
    pub(super) error: CallError,
}

/// The answers of all that were asked.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) answers: Vec<Answer>,
    pub(super) silent: Vec<Silent>,
}

impl Answers {
    /// With those of other providers.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.answers.extend(other.answers);
        self.silent.extend(other.silent);
        self
    }
}

impl Providers {
    /// The named one, or all that can have an answer.
    pub(super) fn of(app: &App, scope: &Scope<'_>) -> Result<Self, Failure> {
        let mut request = match scope.all_projects {
            true => Request::default(),
            false => app
                .project_request()
                .map_err(|failure| with_a_way_out(failure, "--all-projects"))?,
        };
        let named = scope.provider.is_some();
        let (packages, broken) = match scope.provider {
            Some(name) => (vec![app.catalogue().find(name)?], Vec::new()),
            None => {
                let elsewhere = app.reaches_elsewhere(&request);
                let (mut packages, broken) = app.every_provider(elsewhere)?;
                packages
                    .retain(|package| !package.manifest.remote || app.reaches(package, elsewhere));
                (packages, broken)
            }
        };
        if let (Some(file), Some(package)) = (scope.config, packages.first()) {
            request.config = config::load_for(package.manifest.config.as_ref(), file)?;
        }
        Ok(Self { packages, named, broken, limit: scope.limit, request })
    }

    /// Those that may have sessions and cannot be asked.
    pub(super) fn broken(&self) -> &[Warning] {
        &self.broken
    }

    /// The same, after those that cannot be asked were told.
    pub(super) fn with_warnings(self, app: &App) -> Self {
        app.printer.warnings(&self.broken);
        self
    }

    /// Local and remote ones apart.
    pub(super) fn apart(self) -> (Self, Self) {
        let (remote, local) = self.packages.into_iter().partition(|it| it.manifest.remote);
        let of = |packages| Self {
            packages,
            named: self.named,
            broken: Vec::new(),
            limit: self.limit,
            request: self.request.clone(),
        };
        (of(local), of(remote))
    }

    /// Whether there is nobody to ask.
    pub(super) fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Asks all of them at the same time.
    pub(super) async fn list(&self, app: &App) -> Result<Answers, Failure> {
        for package in &self.packages {
            app.permit(package).await?;
        }
        let asked = self
            .packages
            .iter()
            .map(|package| ask(app, package.clone(), self.request.clone(), self.limit));
        let mut all = Answers::default();
        for result in join_all(asked).await {
            match result {
                Ok(answer) => all.answers.push(answer),
                Err(failed) if self.named => return Err(failed.error.into()),
                Err(failed) => all.silent.push(failed),
            }
        }
        Ok(all)
    }

    /// The same; `early` sees what local ones answered while remote ones are
    /// still awaited.
    pub(super) async fn list_local_first(
        self,
        app: &App,
        early: impl FnOnce(&Answers),
    ) -> Result<Answers, Failure> {
        let (local, remote) = self.apart();
        if local.is_empty() || remote.is_empty() {
            return Ok(local.list(app).await?.and(remote.list(app).await?));
        }
        let local = async {
            let answers = local.list(app).await;
            if let Ok(answers) = &answers {
                early(answers);
            }
            answers
        };
        let (local, remote) = join(local, remote.list(app)).await;
        Ok(local?.and(remote?))
    }
}

/// Outside of a project there is an option that does without one.
pub(super) fn with_a_way_out(failure: Failure, option: &'static str) -> Failure {
    match failure.as_a::<ProjectError>() {
        Some(ProjectError::NotAProject { start }) => {
            CommandError::OutsideProject { folder: start.clone(), option }.into()
        }
        _ => failure,
    }
}

async fn ask(
    app: &App,
    package: ProviderFile,
    request: Request,
    limit: Option<Duration>,
) -> Result<Answer, Silent> {
    let provider = package.identity.shown();
    let usual = if package.manifest.remote { REMOTE_LIST } else { LOCAL_LIST };
    let limit = limit.unwrap_or(usual);
    let end = tokio::time::Instant::now() + limit;
    let listing = async {
        let mut instance = app.instance(&package, request, end).await?;
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

/// All sessions that were answered.
pub(super) fn sessions(found: &Answers) -> Vec<Session> {
    found.answers.iter().flat_map(|answer| &answer.sessions).cloned().collect()
}

/// Who could not be asked, who did not answer, and which sessions have no name that can
/// be typed.
pub(super) fn warnings(broken: &[Warning], found: &Answers) -> Vec<Warning> {
    let silent = found.silent.iter().map(|failed| Warning::new(&failed.provider, &failed.error));
    let sessions = found.answers.iter().flat_map(|answer| &answer.sessions);
    let unusable = sessions.filter_map(|session| {
        let error = CommandError::unusable_name(session)?;
        Some(Warning::of_session(&session.provider, &error))
    });
    broken.iter().cloned().chain(silent).chain(unusable).collect()
}
