//! How a provider is loaded, and what one command of it may reach.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::repository::ProjectRepository;
use super::{Context, renkulab_of};
use crate::contract::{
    ContainerCalls, Engine, EngineOptions, GrantLimits, ImageOptions, ProjectFiles, ProjectScope,
    Scope, Task, Withheld,
};
use crate::domain::{EngineCommands, EngineKind, Identity, Repository, Unpushed};
use crate::project::{Asking, Project, Upstream};
use crate::providers::{self, FoundAt, ProviderFile};
use crate::sandbox::{
    CallError, Capability, Instance, Invocation, Loaded, Request, Sandbox, SandboxError,
};
use crate::web::http::{Http, Kept};
use crate::web::origins::Bound;

/// What a start gives its provider beyond what every command does.
#[derive(Default)]
pub(crate) struct Means {
    /// How the session gets the project's files.
    pub(crate) files: ProjectFiles,
    /// What was typed for the engine.
    pub(crate) engine_options: EngineOptions,
    /// Whether the branch may be pushed without a question.
    pub(crate) may_push: bool,
    /// Whether the server of the repository is asked what it has, and not only what
    /// it once had.
    pub(crate) compares_with_server: bool,
}

impl Context {
    /// The sandbox of this run; made when it is first needed.
    ///
    /// # Errors
    ///
    /// When this machine cannot run components.
    pub fn sandbox(&self) -> Result<&Sandbox, SandboxError> {
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(sandbox);
        }
        let cache = self.setting.cache.as_ref().map(|cache| cache.join("compiled"));
        let sandbox = Sandbox::new(cache.as_deref())?;
        Ok(self.sandbox.get_or_init(|| sandbox))
    }

    /// Compiles and links a provider. The caller has asked for permission.
    pub(crate) fn load(&self, provider: &ProviderFile) -> Result<Loaded, SandboxError> {
        let begin = Instant::now();
        let (grants, shown) = (self.grants(provider), provider.shown());
        let loaded =
            Loaded::new(self.sandbox()?, &shown, &provider.sections, provider.code(), &grants)?;
        let duration = begin.elapsed().as_micros();
        tracing::debug!("provider `{shown}` was loaded in {duration} µs");
        Ok(loaded)
    }

    /// One command for one provider.
    pub(crate) fn invocation(
        &self,
        provider: &ProviderFile,
        request: Request,
        means: &Means,
    ) -> Invocation {
        let scope = Scope {
            provider: provider.identity.clone(),
            project: self.project_scope(&request, &means.files),
            legacy: provider.sees_python_renku,
            key: self.key(),
        };
        // What was not granted is not even made.
        let grants = self.grants(provider);
        let engine = grants.allows(Capability::Containers).then(|| {
            self.engines().open(Task {
                engine: provider.manifest.engine,
                scope,
                images: request.images.clone(),
                limits: self.limits(provider),
                options: means.engine_options.clone(),
                reporter: self.shared_reporter(),
            })
        });
        let cache = self.setting.cache.as_deref();
        let kept = || Some(Kept::new(cache?, &provider.identity));
        let http = grants.allows(Capability::Http).then(|| {
            Http::new(Arc::new(self.origins(provider)), kept()).withholding(self.withheld.clone())
        });
        let repository = self.project.get().filter(|_| grants.allows(Capability::Repository));
        Invocation {
            provider: provider.identity.clone(),
            speaker: (provider.found_at != FoundAt::Bundled).then(|| provider.identity.shown()),
            request: Arc::new(request),
            calls: engine.clone().map(|engine| self.calls(engine)),
            containers: engine.map(|engine| engine as _),
            http,
            repository: repository.map(|project| self.repository(project, means)),
            changes: self.withheld.clone(),
            asker: Arc::clone(&self.setting.asker),
            reporter: self.shared_reporter(),
            cancel: self.cancel.clone(),
            key: self.key(),
            offline: self.setting.offline,
            verbose: self.setting.verbose,
        }
    }

    /// Containers as a provider reaches them.
    fn calls(&self, engine: Arc<dyn Engine>) -> Arc<dyn ContainerCalls> {
        match &self.withheld {
            None => engine,
            Some(changes) => Arc::new(Withheld::new(engine, Arc::clone(changes))),
        }
    }

    /// The repository as a provider reaches it.
    fn repository(&self, project: &Arc<Project>, means: &Means) -> Arc<dyn Repository> {
        let repository = Arc::new(ProjectRepository {
            project: Arc::clone(project),
            confirmer: Arc::clone(&self.setting.confirmer),
            may_push: means.may_push,
            asking: match (self.setting.offline, means.compares_with_server) {
                (true, _) => Asking::Never,
                (false, true) => Asking::Always,
                (false, false) => Asking::Unnoted,
            },
            upstream: Mutex::new(Upstream::default()),
        });
        match &self.withheld {
            None => repository,
            Some(changes) => Arc::new(Unpushed { repository, changes: Arc::clone(changes) }),
        }
    }

    /// What this provider may open.
    fn origins(&self, provider: &ProviderFile) -> Bound {
        let project = self.project.get().cloned();
        Bound {
            provider: provider.identity.clone(),
            bundled: provider.found_at == FoundAt::Bundled,
            granted: self.granted_origins(provider),
            renkulab: Arc::new(move || renkulab_of(project.as_deref()?)),
            origins: self.origin_store(),
            logins: self.logins(),
        }
    }

    /// The engine, for what the host does with a project's images by itself.
    pub(crate) fn engine_of(&self, project: &Project) -> Arc<dyn Engine> {
        self.host_engine(Some(ProjectScope {
            id: project.id().to_owned(),
            root: project.root().to_owned(),
            files: ProjectFiles::default(),
        }))
    }

    /// The commands of the client of the user's engine, for messages.
    pub async fn engine_commands(&self) -> EngineCommands {
        self.host_engine(None).commands().await
    }

    /// The same for a project, or for none.
    pub(crate) fn host_engine(&self, project: Option<ProjectScope>) -> Arc<dyn Engine> {
        let scope = Scope {
            provider: Identity::named(providers::DEFAULT),
            project,
            legacy: false,
            key: self.key(),
        };
        self.engines().open(Task {
            engine: EngineKind::default(),
            scope,
            images: ImageOptions::default(),
            limits: GrantLimits::default(),
            options: EngineOptions::default(),
            reporter: self.shared_reporter(),
        })
    }

    fn project_scope(&self, request: &Request, files: &ProjectFiles) -> Option<ProjectScope> {
        let root = request.project_root.clone()?;
        let id = self.project.get()?.id().to_owned();
        Some(ProjectScope { id, root, files: files.clone() })
    }

    /// Makes an instance of a loaded provider for one command, which waits no longer
    /// than until `end`.
    pub(crate) async fn instance(
        &self,
        provider: &ProviderFile,
        loaded: &Loaded,
        request: Request,
        end: tokio::time::Instant,
    ) -> Result<Instance, CallError> {
        let mut invocation = self.invocation(provider, request, &Means::default());
        invocation.http = invocation.http.map(|http| http.until(end));
        Ok(loaded.instantiate(invocation).await?)
    }
}
