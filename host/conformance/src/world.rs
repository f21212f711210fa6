//! What a check stands on: an engine, a web service and a project of its own, and
//! the provider's calls as a command makes them, each in a fresh instance.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::checks::Not;
use super::engine::{self, Engine};
use super::fault::When;
use super::kit::{Kit, about_it, in_words};
use super::origin::{self, Named, Service};
use super::project::{Analysis, Heard, IMAGE};
use crate::domain::{ErrorKind, Identity, ImageState, ProviderError, Session};
use crate::sandbox::{
    CallError, Cancel, Capability, Instance, Invocation, Request, SandboxError, Usage,
};
use crate::web::http::Http;

/// Whose sessions these are.
const IDENTITY: &str = "conformance";

/// How long any call may take. Nothing here is slow.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an ordinary start is asked to wait for its session.
const WAIT: Duration = Duration::from_secs(60);

/// The world of one check.
pub(super) struct World<'a> {
    pub(super) kit: &'a Kit<'a>,
    pub(super) engine: Arc<Engine>,
    /// Only for a provider that imports `http`.
    pub(super) service: Option<Arc<Service>>,
    /// Hears of everything that hangs.
    pub(super) hanging: Arc<Notify>,
    pub(super) cancel: Cancel,
    /// Whether the user has allowed what it imports.
    pub(super) granted: bool,
    heard: Arc<Heard>,
}

/// What came of a command.
pub(super) struct Done<T> {
    answer: Result<T, CallError>,
    /// What the guest said it created.
    pub(super) created: Vec<String>,
    pub(super) usage: Usage,
    /// The last thing it said.
    last: Option<String>,
}

impl<T> Done<T> {
    /// The answer; failed when it is an error. `what` was done: `a start`.
    pub(super) fn ok(self, what: &str) -> Result<T, Not> {
        self.answered(what)?.map_err(|error| {
            Not::Failed(format!(
                "{what} failed with `{}`: {}",
                error.kind.as_str(),
                in_words(&error)
            ))
        })
    }

    /// The answer, which may be an error of the provider's own; failed when the
    /// sandbox had to end it.
    pub(super) fn answered(self, what: &str) -> Result<Result<T, ProviderError>, Not> {
        match self.answer {
            Ok(answer) => Ok(Ok(answer)),
            Err(CallError::Provider(error)) => Ok(Err(error)),
            Err(CallError::Sandbox(error)) => {
                let words = about_it(&error);
                let said =
                    self.last.map(|last| format!("; its last message: {last}")).unwrap_or_default();
                Err(Not::Failed(format!("in {what} it {words}{said}")))
            }
        }
    }

    /// The kind of the error that it must be. `when` is what went wrong before.
    pub(super) fn fails_with(self, what: &str, when: &str, kind: ErrorKind) -> Result<(), Not> {
        match self.answered(what)? {
            Ok(_) => Err(Not::Failed(format!("{when}, {what} was no error"))),
            Err(error) if error.kind == kind => Ok(()),
            Err(error) => Err(Not::Failed(format!(
                "{when}, {what} failed with `{}` instead of `{}`: {error}",
                error.kind.as_str(),
                kind.as_str()
            ))),
        }
    }
}

impl<'a> World<'a> {
    pub(super) async fn new(kit: &'a Kit<'a>) -> Result<Self, Not> {
        kit.loaded()?;
        let hanging = Arc::new(Notify::new());
        let service = if kit.imports(Capability::Http) {
            let script = kit.answers.exchanges.clone();
            let headers = kit.answers.headers.clone();
            let started = Service::start(script, headers, Arc::clone(&hanging)).await;
            Some(started.map_err(|error| Not::Skipped(in_words(&error)))?)
        } else {
            None
        };
        let root = kit.project().to_owned();
        let engine = Engine::new(Arc::clone(&hanging), root, kit.key());
        let engine = engine.map_err(|error| Not::Skipped(error.to_string()))?;
        Ok(Self {
            kit,
            engine: Arc::new(engine),
            service,
            hanging,
            cancel: Cancel::default(),
            granted: true,
            heard: Arc::default(),
        })
    }

    /// Nothing goes wrong any more, and nobody has interrupted anything.
    pub(super) fn heal(&mut self) {
        self.engine.heal();
        if let Some(service) = &self.service {
            service.heal();
        }
        self.cancel = Cancel::default();
    }

    /// Calls and requests hang.
    pub(super) fn hang(&self, when: When) {
        self.engine.trouble(when, engine::Trouble::Hang);
        if let Some(service) = &self.service {
            service.trouble(when, origin::Trouble::Hang);
        }
    }

    /// The last thing that the provider said.
    fn last(&self) -> Option<String> {
        let last = self.heard.last()?;
        let prefix = format!("{IDENTITY}: ");
        Some(last.strip_prefix(&prefix).map_or_else(|| last.clone(), str::to_owned))
    }

    /// What an ordinary command asks.
    pub(super) fn request(&self) -> Request {
        Request {
            project: Some(Arc::new(Analysis)),
            project_root: Some(self.kit.project().to_owned()),
            config: self.kit.config.clone(),
            wait_timeout: Some(WAIT),
            ..Request::default()
        }
    }

    fn invocation(&self, request: Request) -> Invocation {
        let imports = |capability| self.granted && self.kit.imports(capability);
        let provider = Identity::named(IDENTITY);
        let project = request.project.as_ref().map(|project| project.id());
        Invocation {
            calls: imports(Capability::Containers)
                .then(|| engine::calls_of(&self.engine, &provider, project)),
            provider,
            speaker: Some(IDENTITY.into()),
            request: Arc::new(request),
            containers: None,
            http: self
                .service
                .clone()
                .filter(|_| self.granted)
                .map(|service| Http::new(Arc::new(Named(service)), None)),
            repository: imports(Capability::Repository).then(|| Arc::new(Analysis) as _),
            changes: None,
            asker: Arc::new(Analysis),
            reporter: Arc::clone(&self.heard) as _,
            cancel: self.cancel.clone(),
            key: self.kit.key(),
            offline: false,
            verbose: false,
        }
    }

    /// A command: a fresh instance, and the calls that it makes.
    pub(super) async fn command<T>(
        &self,
        request: Request,
        calls: impl AsyncFnOnce(&mut Instance) -> Result<T, CallError>,
    ) -> Done<T> {
        let shown = &self.kit.subject.shown;
        let nothing = |error: SandboxError| Done {
            answer: Err(error.into()),
            created: Vec::new(),
            usage: Usage::default(),
            last: self.last(),
        };
        let loaded = match self.kit.loaded() {
            Ok(loaded) => loaded,
            Err(_) => return nothing(SandboxError::Ended { provider: shown.clone() }),
        };
        let mut instance = match loaded.instantiate(self.invocation(request)).await {
            Ok(instance) => instance,
            Err(error) => return nothing(error),
        };
        let answer = tokio::time::timeout(PATIENCE, calls(&mut instance)).await;
        let late =
            || SandboxError::Deadline { provider: shown.clone(), seconds: PATIENCE.as_secs() };
        Done {
            answer: answer.unwrap_or_else(|_| Err(late().into())),
            created: instance.created().to_vec(),
            usage: instance.usage(),
            last: self.last(),
        }
    }

    /// `session start` as the host does it.
    pub(super) async fn start(&self, request: Request) -> Done<Session> {
        self.command(request, async |instance| {
            let image = instance.pre_start_checks(Some(IMAGE)).await?;
            let image = image.unwrap_or_else(|| IMAGE.to_owned());
            match instance.find_image(&image).await? {
                ImageState::Local | ImageState::Remote => {}
                ImageState::Absent | ImageState::Inaccessible => {
                    instance.build_image("Dockerfile", &image).await?;
                }
            }
            instance.session_start(&image).await
        })
        .await
    }

    /// An ordinary start; skipped when the provider is one of a web service whose
    /// answers nobody wrote down.
    pub(super) async fn started(&self) -> Result<Session, Not> {
        self.started_with(self.request()).await
    }

    /// The same for another request.
    pub(super) async fn started_with(&self, request: Request) -> Result<Session, Not> {
        let done = self.start(request).await;
        self.explained(done.ok("a start"))
    }

    /// Says of a failure that the web service had no answer.
    pub(super) fn explained<T>(&self, checked: Result<T, Not>) -> Result<T, Not> {
        let unknown = self.service.as_ref().and_then(|service| service.unknown());
        let scripted = self.service.as_ref().is_some_and(|service| service.is_scripted());
        match (checked, unknown) {
            (Err(Not::Failed(_)), Some(asked)) if !scripted => Err(Not::Skipped(format!(
                "it uses a web service (`{asked}`), whose answers only you know: add `--exchanges FILE`"
            ))),
            (Err(Not::Failed(why)), Some(asked)) => {
                Err(Not::Failed(format!("{why} (there is no exchange for `{asked}`)")))
            }
            (checked, _) => checked,
        }
    }

    pub(super) async fn list(&self) -> Done<Vec<Session>> {
        self.command(self.request(), async |instance| instance.session_list().await).await
    }

    /// The sessions there are; failed when that is an error.
    pub(super) async fn listed(&self) -> Result<Vec<Session>, Not> {
        let done = self.list().await;
        self.explained(done.ok("a list"))
    }

    pub(super) async fn stop(&self, name: &str) -> Done<bool> {
        self.command(self.request(), async |instance| {
            instance.session_stop(Some(name), false).await
        })
        .await
    }

    pub(super) async fn stop_all(&self) -> Done<bool> {
        self.command(self.request(), async |instance| instance.session_stop(None, true).await).await
    }

    pub(super) async fn url(&self, name: &str) -> Done<String> {
        self.command(self.request(), async |instance| instance.session_url(name).await).await
    }
}
