//! The sessions there are: every provider that can have an answer is asked at the same
//! time, each with a deadline of its own.

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::{join, join_all};

use crate::config;
use crate::context::{Context, Means};
use crate::domain::{Diagnostic, Session};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::project::ProjectError;
use crate::providers::{Broken, FoundAt, ProviderFile};
use crate::sandbox::{CallError, Capability, Instance, Loaded, Request, SandboxError};
use crate::select::SelectError;

/// How long one provider may take to list its sessions.
pub(crate) const LOCAL_LIST: Duration = Duration::from_secs(30);
const REMOTE_LIST: Duration = Duration::from_secs(3);
/// How long the engine may take to say whether it has containers of a provider.
const ENGINE_LOOK: Duration = Duration::from_secs(5);

/// Where a command looks for sessions.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The only provider that is asked; none: all that can have an answer.
    pub provider: Option<String>,
    pub config: Option<PathBuf>,
    /// Whether sessions of other projects count, too.
    pub all_projects: bool,
    /// How long each provider may take; none: what is usual.
    pub limit: Option<Duration>,
}

/// The providers a command asks, and for what.
pub struct Providers {
    providers: Vec<ProviderFile>,
    /// Whether the user named one; then its failure is an error, not a warning.
    named: bool,
    /// Those that may have sessions and cannot be asked.
    broken: Vec<Broken>,
    limit: Option<Duration>,
    request: Request,
}

/// Providers that can be asked at once, and those that cannot.
#[derive(Default)]
struct Ready<'a> {
    loaded: Vec<(&'a ProviderFile, Loaded)>,
    unanswered: Vec<Unanswered>,
}

/// What one provider listed.
pub(crate) struct Listed {
    pub(crate) provider: ProviderFile,
    pub(crate) instance: Instance,
    pub(crate) sessions: Vec<Session>,
}

/// A provider that did not answer.
pub(crate) struct Unanswered {
    pub(crate) provider: String,
    pub(crate) error: CallError,
}

/// What all of them listed.
#[derive(Default)]
pub struct Listing {
    pub(crate) listed: Vec<Listed>,
    pub(crate) unanswered: Vec<Unanswered>,
}

/// Something about a listing that its reader must know.
pub enum Remark<'a> {
    /// The sessions of a provider are missing from it.
    Missing { provider: &'a str, error: &'a dyn Diagnostic },
    /// A session of it has a name that nobody can type.
    Unusable {
        /// The provider that called it so.
        provider: &'a str,
        error: SelectError,
    },
}

impl Listing {
    /// Whether everybody who was asked has answered.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.unanswered.is_empty()
    }

    /// With those of other providers.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.listed.extend(other.listed);
        self.unanswered.extend(other.unanswered);
        self
    }

    /// All sessions that were listed.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        self.listed.iter().flat_map(|listed| &listed.sessions).cloned().collect()
    }

    /// Those that do not run here; none when no provider of such sessions answered.
    #[must_use]
    pub fn remote_sessions(&self) -> Option<Vec<Session>> {
        let remote: Vec<&Listed> =
            self.listed.iter().filter(|listed| listed.provider.manifest.remote).collect();
        let sessions = || remote.iter().flat_map(|listed| &listed.sessions).cloned().collect();
        (!remote.is_empty()).then(sessions)
    }
}

impl Providers {
    /// The named one, or all that can have an answer.
    ///
    /// # Errors
    ///
    /// Outside of a project, unless all projects are meant; when the named one is not
    /// there.
    pub fn of(context: &Context, scope: &Scope) -> Result<Self, Failure> {
        let mut request = match scope.all_projects {
            true => Request::default(),
            false => context
                .project_request()
                .map_err(|failure| with_a_way_out(failure, "--all-projects"))?,
        };
        let named = scope.provider.is_some();
        let (providers, broken) = match &scope.provider {
            Some(name) => (vec![context.catalogue().find(name)?], Vec::new()),
            None => {
                let elsewhere = context.reaches_elsewhere(&request);
                let (mut providers, broken) = context.every_provider(elsewhere)?;
                providers.retain(|provider| {
                    !provider.manifest.remote || context.reaches(provider, elsewhere)
                });
                (providers, broken)
            }
        };
        if let (Some(file), Some(provider)) = (&scope.config, providers.first()) {
            request.config = config::load_for(provider.manifest.config.as_ref(), file)?;
        }
        Ok(Self { providers, named, broken, limit: scope.limit, request })
    }

    /// The same, after those that cannot be asked were reported.
    pub(crate) fn reporting_broken(self, context: &Context) -> Self {
        for broken in &self.broken {
            context.notices().not_shown(&broken.provider, &broken.error);
        }
        self
    }

    /// Asks all of them at the same time.
    ///
    /// # Errors
    ///
    /// When one may not run, or the named one does not answer.
    pub async fn list(&self, context: &Context) -> Result<Listing, Failure> {
        self.list_those(context, |_| true).await
    }

    /// Asks those whose sessions run here.
    pub(crate) async fn list_local(&self, context: &Context) -> Result<Listing, Failure> {
        self.list_those(context, |provider| !provider.manifest.remote).await
    }

    /// Asks those whose sessions run elsewhere.
    pub(crate) async fn list_remote(&self, context: &Context) -> Result<Listing, Failure> {
        self.list_those(context, |provider| provider.manifest.remote).await
    }

    /// As [`Self::list`]; `early` sees what local ones answered while remote ones are
    /// still awaited.
    ///
    /// # Errors
    ///
    /// As [`Self::list`].
    pub async fn list_local_first(
        &self,
        context: &Context,
        early: impl FnOnce(&Listing),
    ) -> Result<Listing, Failure> {
        let remote = self.providers.iter().filter(|provider| provider.manifest.remote).count();
        if remote == 0 || remote == self.providers.len() {
            return self.list(context).await;
        }
        let ready = self.ready(context, |provider| !provider.manifest.remote).await?;
        let remote = self.ready(context, |provider| provider.manifest.remote).await?;
        let local = async {
            let listing = self.ask_all(context, ready).await;
            if let Ok(listing) = &listing {
                early(listing);
            }
            listing
        };
        let (local, remote) = join(local, self.ask_all(context, remote)).await;
        Ok(local?.and(remote?))
    }

    async fn list_those(
        &self,
        context: &Context,
        wanted: impl Fn(&ProviderFile) -> bool,
    ) -> Result<Listing, Failure> {
        let ready = self.ready(context, wanted).await?;
        self.ask_all(context, ready).await
    }

    /// Permits and loads those that may have sessions, before anybody's time begins:
    /// compiling is no delay of theirs.
    async fn ready(
        &self,
        context: &Context,
        wanted: impl Fn(&ProviderFile) -> bool,
    ) -> Result<Ready<'_>, Failure> {
        let providers: Vec<&ProviderFile> = self.providers.iter().filter(|it| wanted(it)).collect();
        for provider in &providers {
            context.permit(provider).await?;
        }
        let idle = join_all(providers.iter().map(|provider| self.is_idle(context, provider))).await;
        let mut ready = Ready::default();
        for (provider, _) in providers.into_iter().zip(idle).filter(|(_, idle)| !idle) {
            match context.load(provider) {
                Ok(loaded) => ready.loaded.push((provider, loaded)),
                Err(error) if self.named => return Err(CallError::from(error).into()),
                Err(error) => {
                    let provider = provider.identity.shown();
                    ready.unanswered.push(Unanswered { provider, error: error.into() });
                }
            }
        }
        Ok(ready)
    }

    /// Whether a provider surely has no sessions: it knows them from the engine alone, and
    /// the engine has no containers of it. What is bundled is the usual one, and asked.
    async fn is_idle(&self, context: &Context, provider: &ProviderFile) -> bool {
        let capabilities = provider.sections.capabilities();
        if self.named
            || provider.found_at == FoundAt::Bundled
            || !capabilities.contains(&Capability::Containers)
            || capabilities.contains(&Capability::Http)
        {
            return false;
        }
        let invocation = context.invocation(provider, self.request.clone(), &Means::default());
        let Some(calls) = invocation.calls else { return false };
        let listed = tokio::time::timeout(ENGINE_LOOK, calls.list()).await;
        matches!(listed, Ok(Ok(containers)) if containers.is_empty())
    }

    async fn ask_all(&self, context: &Context, ready: Ready<'_>) -> Result<Listing, Failure> {
        let Ready { loaded, unanswered } = ready;
        let asked = loaded.iter().map(|(provider, loaded)| self.ask(context, provider, loaded));
        let mut listing = Listing { listed: Vec::new(), unanswered };
        let answers = join_all(asked).await;
        // The user ended it. An interrupted provider did not fail.
        if context.cancel().is_cancelled() {
            return Err(SessionsError::Interrupted.into());
        }
        for result in answers {
            match result {
                Ok(listed) => listing.listed.push(listed),
                Err(failed) if self.named => return Err(failed.error.into()),
                Err(failed) => listing.unanswered.push(failed),
            }
        }
        Ok(listing)
    }

    async fn ask(
        &self,
        context: &Context,
        provider: &ProviderFile,
        loaded: &Loaded,
    ) -> Result<Listed, Unanswered> {
        let shown = provider.identity.shown();
        let usual = if provider.manifest.remote { REMOTE_LIST } else { LOCAL_LIST };
        let limit = self.limit.unwrap_or(usual);
        let end = tokio::time::Instant::now() + limit;
        let listing = async {
            let mut instance =
                context.instance(provider, loaded, self.request.clone(), end).await?;
            let sessions = instance.session_list().await?;
            Ok(Listed { provider: provider.clone(), instance, sessions })
        };
        let result = tokio::time::timeout(limit, listing).await;
        result
            .unwrap_or_else(|_| {
                let seconds = limit.as_secs();
                Err(SandboxError::Deadline { provider: shown.clone(), seconds }.into())
            })
            .map_err(|error: CallError| Unanswered { provider: shown, error })
    }

    /// Whom the reader of a listing misses, and which sessions have no name that can be
    /// typed.
    #[must_use]
    pub fn remarks<'a>(&'a self, listing: &'a Listing) -> Vec<Remark<'a>> {
        let broken = self
            .broken
            .iter()
            .map(|broken| Remark::Missing { provider: &broken.provider, error: &broken.error });
        let unanswered = listing
            .unanswered
            .iter()
            .map(|failed| Remark::Missing { provider: &failed.provider, error: &failed.error });
        let sessions = listing.listed.iter().flat_map(|listed| &listed.sessions);
        let unusable = sessions.filter_map(|session| {
            let error = SelectError::unusable_name(session)?;
            Some(Remark::Unusable { provider: &session.provider, error })
        });
        broken.chain(unanswered).chain(unusable).collect()
    }
}

/// Outside of a project there is an option that does without one.
#[must_use]
pub fn with_a_way_out(failure: Failure, option: &'static str) -> Failure {
    match failure.as_a::<ProjectError>() {
        Some(ProjectError::NotAProject { start }) => {
            SessionsError::OutsideProject { folder: start.clone(), option }.into()
        }
        _ => failure,
    }
}
