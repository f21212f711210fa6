//! What all commands share: where things are, who is asked, how a provider is
//! loaded.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::args::General;
use super::ask::Terminal;
use super::error::{CommandError, Failure};
use super::facts::Facts;
use super::permission::Permissions;
use super::repository::ProjectRepository;
use super::signals;
use crate::config;
use crate::contract::{
    ContainerCalls, Engine, EngineOptions, Engines, GrantLimits, ImageOptions, ProjectFiles,
    ProjectScope, Scope, Task, Withheld,
};
use crate::domain::Asker;
use crate::domain::changes::{Change, DryRun, ReadOnly, Withhold};
use crate::domain::{EngineKind, Identity, ProviderError, Reporter};
use crate::domain::{Repository, Unpushed};
use crate::files::directories::{self, NoHome};
use crate::files::session_key::KeyFile;
use crate::output::{Printer, Progress, QuestionError, Questions};
use crate::project::{Asking, Project, Upstream};
use crate::providers::{self, Catalogue, FoundAt, ProviderFile};
use crate::sandbox::{
    CallError, Cancel, Capability, Instance, Invocation, Loaded, Request, Sandbox, SandboxError,
};
use crate::web::http::{Http, Kept};
use crate::web::login;
use crate::web::origins::{self, Bound};

/// One run of the program.
pub(super) struct App {
    pub(super) printer: Printer,
    pub(super) questions: Arc<Questions>,
    pub(super) reporter: Arc<dyn Reporter>,
    pub(super) cancel: Cancel,
    /// The engines that containers run on.
    pub(super) engines: Arc<dyn Engines>,
    /// Whether `--push` was typed.
    pub(super) may_push: bool,
    /// When the server of the repository is asked what it has.
    asking: Asking,
    /// How sessions that are started get the project's files.
    pub(super) files: ProjectFiles,
    /// What was typed for the engine.
    pub(super) engine_options: EngineOptions,
    /// Who answers what would change something, where nothing may be changed.
    changes: Option<Arc<dyn Withhold>>,
    /// What is written down instead of done, with `--dry-run`.
    pub(super) dry_run: Option<Arc<DryRun>>,
    verbose: bool,
    pub(super) locked: bool,
    pub(super) offline: bool,
    cache: Option<PathBuf>,
    configuration: PathBuf,
    pub(super) permissions: Permissions,
    sandbox: OnceCell<Sandbox>,
    project: OnceCell<Arc<Project>>,
}

impl App {
    pub(super) fn new(general: General, engines: Arc<dyn Engines>) -> Result<Self, Failure> {
        crate::output::logging(general.verbose);
        let printer = Printer::new(general.format, general.verbose, config::yaml);
        let questions = Questions::new(general.yes, general.answers.into_iter().collect());
        let reporter: Arc<dyn Reporter> = Arc::new(Progress::new(&printer));
        let configuration =
            directories::configuration().ok_or_else(|| CommandError::NoHome(NoHome::reason()))?;
        Ok(Self {
            reporter,
            questions: Arc::new(questions),
            cancel: Cancel::default(),
            engines,
            may_push: false,
            asking: if general.offline { Asking::Never } else { Asking::Unnoted },
            files: ProjectFiles::default(),
            engine_options: EngineOptions::default(),
            changes: general
                .no_changes
                .map(|option| -> Arc<dyn Withhold> { Arc::new(ReadOnly { option }) }),
            dry_run: None,
            verbose: general.verbose > 0,
            locked: general.locked,
            offline: general.offline,
            cache: directories::cache(),
            permissions: Permissions::new(configuration.clone()),
            configuration,
            sandbox: OnceCell::new(),
            project: OnceCell::new(),
            printer,
        })
    }

    /// From now on Ctrl-C, a polite kill and the end of the terminal ask the command
    /// to end; a second Ctrl-C or kill ends the program at once.
    pub(super) fn watch_interrupts(&self) {
        signals::watch(self.cancel.clone());
    }

    /// A start: what the server of the repository has counts, not what it once had.
    pub(super) fn compare_with_server(&mut self) {
        if self.asking != Asking::Never {
            self.asking = Asking::Always;
        }
    }

    /// From now on nothing is changed, and what would be is written down.
    pub(super) fn only_show(&mut self) {
        let dry_run = Arc::new(DryRun::default());
        self.changes = Some(Arc::<DryRun>::clone(&dry_run));
        self.dry_run = Some(dry_run);
    }

    /// Whether nothing may be changed.
    pub(super) fn changes_nothing(&self) -> bool {
        self.changes.is_some()
    }

    /// Says no to a change of the host's own where nothing may be changed.
    pub(super) fn may(&self, change: impl FnOnce() -> Change) -> Result<(), ProviderError> {
        self.changes.as_ref().map_or(Ok(()), |changes| Err(changes.withhold(change())))
    }

    /// The directory of the user's configuration.
    pub(super) fn configuration(&self) -> &Path {
        &self.configuration
    }

    /// The project we stand in.
    pub(super) fn project(&self) -> Result<Arc<Project>, Failure> {
        if let Some(project) = self.project.get() {
            return Ok(Arc::clone(project));
        }
        let here = std::env::current_dir().map_err(CommandError::Runtime)?;
        let project = Arc::new(Project::locate(&here)?);
        Ok(Arc::clone(self.project.get_or_init(|| project)))
    }

    /// Where providers come from: also outside of a project.
    pub(super) fn catalogue(&self) -> Catalogue {
        Catalogue::new(self.project().ok().as_ref().map(|project| project.root()))
    }

    /// A request that is about this project and asks nothing else.
    pub(super) fn project_request(&self) -> Result<Request, Failure> {
        let project = self.project()?;
        Ok(Request {
            project_root: Some(project.root().to_owned()),
            project: Some(Arc::new(Facts(project))),
            ..Request::default()
        })
    }

    /// A question of ours, on a thread of its own so that Ctrl-C is heard.
    pub(super) async fn confirm(
        &self,
        flag: impl Into<String>,
        text: String,
    ) -> Result<bool, Failure> {
        let flag = flag.into();
        self.asked(move |questions| questions.confirm(&flag, &text)).await
    }

    /// One that `--yes` does not answer, but `flag` alone.
    pub(super) async fn confirm_by_flag(
        &self,
        flag: impl Into<String>,
        text: String,
    ) -> Result<bool, Failure> {
        let flag = flag.into();
        self.asked(move |questions| questions.confirm_by_flag(&flag, &text)).await
    }

    async fn asked(
        &self,
        ask: impl FnOnce(&Questions) -> Result<bool, QuestionError> + Send + 'static,
    ) -> Result<bool, Failure> {
        let questions = Arc::clone(&self.questions);
        let asked = tokio::task::spawn_blocking(move || ask(&questions));
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(CommandError::Interrupted.into()),
            answer = asked => match answer {
                Ok(answer) => Ok(answer?),
                Err(_) => Err(CommandError::Interrupted.into()),
            },
        }
    }

    /// The sandbox of this run; made when it is first needed.
    pub(super) fn sandbox(&self) -> Result<&Sandbox, SandboxError> {
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(sandbox);
        }
        let cache = self.cache.as_ref().map(|cache| cache.join("compiled"));
        let sandbox = Sandbox::new(cache.as_deref())?;
        Ok(self.sandbox.get_or_init(|| sandbox))
    }

    /// Compiles and links a provider. The caller has asked for permission.
    pub(super) fn load(&self, package: &ProviderFile) -> Result<Loaded, SandboxError> {
        let grants = self.grants(package);
        Loaded::new(self.sandbox()?, &package.shown(), &package.sections, package.code(), &grants)
    }

    /// One command for one provider.
    pub(super) fn invocation(&self, package: &ProviderFile, request: Request) -> Invocation {
        let scope = Scope {
            provider: package.identity.clone(),
            project: self.project_scope(&request),
            legacy: package.sees_python_renku,
            key: self.key(),
        };
        // What was not granted is not even made.
        let grants = self.grants(package);
        let engine = grants.allows(Capability::Containers).then(|| {
            self.engines.open(Task {
                engine: package.manifest.engine,
                scope,
                images: request.images.clone(),
                limits: self.limits(package),
                options: self.engine_options.clone(),
                reporter: Arc::clone(&self.reporter),
            })
        });
        let kept = || Some(Kept::new(self.cache.as_deref()?, &package.identity.label()));
        let http = grants.allows(Capability::Http).then(|| {
            Http::new(Arc::new(self.origins(package)), kept()).withholding(self.changes.clone())
        });
        let repository = self.project.get().filter(|_| grants.allows(Capability::Repository));
        let asker: Arc<dyn Asker> = Arc::new(Terminal(Arc::clone(&self.questions)));
        Invocation {
            provider: package.identity.clone(),
            speaker: (package.found_at != FoundAt::Bundled).then(|| package.identity.shown()),
            request: Arc::new(request),
            calls: engine.clone().map(|engine| self.calls(engine)),
            containers: engine.map(|engine| engine as _),
            http,
            repository: repository.map(|project| self.repository(project)),
            changes: self.changes.clone(),
            asker,
            reporter: Arc::clone(&self.reporter),
            cancel: self.cancel.clone(),
            key: self.key(),
            offline: self.offline,
            verbose: self.verbose,
        }
    }

    /// Containers as a provider reaches them.
    fn calls(&self, engine: Arc<dyn Engine>) -> Arc<dyn ContainerCalls> {
        match &self.changes {
            None => engine,
            Some(changes) => Arc::new(Withheld::new(engine, Arc::clone(changes))),
        }
    }

    /// The repository as a provider reaches it.
    fn repository(&self, project: &Arc<Project>) -> Arc<dyn Repository> {
        let repository = Arc::new(ProjectRepository {
            project: Arc::clone(project),
            questions: Arc::clone(&self.questions),
            may_push: self.may_push,
            asking: self.asking,
            upstream: Mutex::new(Upstream::default()),
        });
        match &self.changes {
            None => repository,
            Some(changes) => Arc::new(Unpushed { repository, changes: Arc::clone(changes) }),
        }
    }

    /// What this provider may open.
    fn origins(&self, package: &ProviderFile) -> Bound {
        let project = self.project.get().cloned();
        Bound {
            provider: package.identity.clone(),
            bundled: package.found_at == FoundAt::Bundled,
            granted: self.granted_origins(package),
            renkulab: Arc::new(move || renkulab_of(project.as_deref()?)),
            origins: self.origin_store(),
            logins: self.logins(),
        }
    }

    /// The user's logins to RenkuLabs. Nothing is read yet.
    pub(super) fn logins(&self) -> login::Store {
        login::Store::new(&self.configuration)
    }

    /// The user's origins. Nothing is read yet.
    pub(super) fn origin_store(&self) -> origins::Store {
        origins::Store::new(&self.configuration)
    }

    /// The RenkuLab that the project is bound to, where we stand in one.
    pub(super) fn bound_renkulab(&self) -> Option<String> {
        renkulab_of(self.project().ok()?.as_ref())
    }

    /// The engine, for what the host does with a project's images by itself.
    pub(super) fn engine_of(&self, project: &Project) -> Arc<dyn Engine> {
        let scope = Scope {
            provider: Identity::named(providers::DEFAULT),
            project: Some(ProjectScope {
                id: project.id().to_owned(),
                root: project.root().to_owned(),
                files: ProjectFiles::default(),
            }),
            legacy: false,
            key: self.key(),
        };
        self.engines.open(Task {
            engine: EngineKind::default(),
            scope,
            images: ImageOptions::default(),
            limits: GrantLimits::default(),
            options: EngineOptions::default(),
            reporter: Arc::clone(&self.reporter),
        })
    }

    /// The user's key. Nothing is read yet; where nothing may be changed, none is
    /// made either.
    pub(super) fn key(&self) -> KeyFile {
        KeyFile::within(&self.configuration, !self.changes_nothing())
    }

    fn project_scope(&self, request: &Request) -> Option<ProjectScope> {
        let root = request.project_root.clone()?;
        let id = self.project.get()?.id().to_owned();
        Some(ProjectScope { id, root, files: self.files.clone() })
    }

    /// Loads a provider and makes an instance for one command, which waits no longer
    /// than until `end`.
    pub(super) async fn instance(
        &self,
        package: &ProviderFile,
        request: Request,
        end: tokio::time::Instant,
    ) -> Result<Instance, CallError> {
        let begin = Instant::now();
        let loaded = self.load(package)?;
        let mut invocation = self.invocation(package, request);
        invocation.http = invocation.http.map(|http| http.until(end));
        let instance = loaded.instantiate(invocation).await?;
        let duration = begin.elapsed().as_micros();
        tracing::debug!("provider `{}` was loaded in {duration} µs", package.shown());
        Ok(instance)
    }
}

/// The RenkuLab of a project. A file that cannot be read binds nothing; who needs
/// the project itself hears of it.
fn renkulab_of(project: &Project) -> Option<String> {
    project.binding().ok().flatten()?.url
}
