//! What all commands share: where things are, who is asked, what may be changed.
//! Made once, whole, and the same until the command ends.

mod invocation;
mod permission;
mod project_facts;
mod provider_settings;
mod reach;
mod repository;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::contract::Engines;
use crate::domain::changes::{Change, DryRun, ReadOnly, Withhold};
use crate::domain::{Asker, ProviderError, Reporter};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::files::session_key::KeyFile;
use crate::notices::Notices;
use crate::project::Project;
use crate::providers::Catalogue;
use crate::questions::{self, Confirmer, Question};
use crate::sandbox::{Cancel, Request, Sandbox};
use crate::web::login;
use crate::web::origins;

pub use permission::{Asking, Permissions, or_nothing, provenance};

pub(crate) use invocation::Means;
use project_facts::FactsOfProject;

/// Where a command stands, for whom it works, and what it may do.
pub struct Setting {
    /// The engines that containers run on.
    pub engines: Arc<dyn Engines>,
    /// The folder that the command is about; none: that of this process.
    pub directory: Option<PathBuf>,
    /// The user's configuration.
    pub configuration: PathBuf,
    /// What may be deleted at any time, such as compiled code; none: nothing is kept.
    pub cache: Option<PathBuf>,
    /// Who hears of progress.
    pub reporter: Arc<dyn Reporter>,
    /// Who hears of what goes wrong meanwhile.
    pub notices: Arc<dyn Notices>,
    /// Who answers questions of the commands.
    pub confirmer: Arc<dyn Confirmer>,
    /// Who answers questions of providers.
    pub asker: Arc<dyn Asker>,
    /// What may be changed.
    pub changes: Changes,
    /// Whether only providers of the project's lock may run.
    pub locked: bool,
    /// Whether web services and servers of repositories are left alone.
    pub offline: bool,
    /// Whether providers report details.
    pub verbose: bool,
    /// The wish to end the command.
    pub cancel: Cancel,
}

/// What a command may change.
#[derive(Clone, Default)]
pub enum Changes {
    /// What it is there for.
    #[default]
    Made,
    /// Nothing, because of this option.
    Refused(&'static str),
    /// Nothing: what would be changed is written down.
    WrittenDown(Arc<DryRun>),
}

impl Changes {
    /// Who answers what would change something.
    fn withheld(&self) -> Option<Arc<dyn Withhold>> {
        match self {
            Self::Made => None,
            Self::Refused(option) => Some(Arc::new(ReadOnly { option })),
            Self::WrittenDown(dry_run) => Some(Arc::<DryRun>::clone(dry_run)),
        }
    }
}

/// How long work may go on after the command is to end: a provider has 5 s.
const SOON: Duration = Duration::from_secs(6);

/// Where one command stands, for whom it works and what it may change.
pub struct Context {
    setting: Setting,
    /// Who answers what would change something, where nothing may be changed.
    withheld: Option<Arc<dyn Withhold>>,
    cancel: Cancel,
    permissions: Permissions,
    // What costs time is looked up when it is first needed, and then stays.
    sandbox: OnceCell<Sandbox>,
    project: OnceCell<Arc<Project>>,
}

impl Context {
    /// Nothing is read or asked yet.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        Self {
            withheld: setting.changes.withheld(),
            cancel: setting.cancel.clone(),
            permissions: Permissions::new(setting.configuration.clone()),
            sandbox: OnceCell::new(),
            project: OnceCell::new(),
            setting,
        }
    }

    /// The engines that containers run on.
    #[must_use]
    pub fn engines(&self) -> &dyn Engines {
        self.setting.engines.as_ref()
    }

    /// Who hears of progress.
    #[must_use]
    pub fn reporter(&self) -> &dyn Reporter {
        self.setting.reporter.as_ref()
    }

    /// The same, to be kept.
    #[must_use]
    pub fn shared_reporter(&self) -> Arc<dyn Reporter> {
        Arc::clone(&self.setting.reporter)
    }

    /// Who hears of what goes wrong meanwhile.
    #[must_use]
    pub fn notices(&self) -> &dyn Notices {
        self.setting.notices.as_ref()
    }

    /// The wish to end this command: whoever cancels it ends it.
    #[must_use]
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// What the user allowed providers.
    #[must_use]
    pub fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// The directory of the user's configuration.
    #[must_use]
    pub fn configuration(&self) -> &Path {
        &self.setting.configuration
    }

    /// What is written down instead of done, in a dry run.
    pub(crate) fn dry_run(&self) -> Option<&DryRun> {
        match &self.setting.changes {
            Changes::WrittenDown(dry_run) => Some(dry_run),
            Changes::Made | Changes::Refused(_) => None,
        }
    }

    /// Whether nothing may be changed.
    pub(crate) fn changes_nothing(&self) -> bool {
        self.withheld.is_some()
    }

    /// Says no to a change of the host's own where nothing may be changed.
    pub(crate) fn may(&self, change: impl FnOnce() -> Change) -> Result<(), ProviderError> {
        self.withheld.as_ref().map_or(Ok(()), |changes| Err(changes.withhold(change())))
    }

    /// The folder that the command is about.
    pub(crate) fn directory(&self) -> Result<PathBuf, Failure> {
        match &self.setting.directory {
            Some(directory) => Ok(directory.clone()),
            None => Ok(std::env::current_dir().map_err(SessionsError::Runtime)?),
        }
    }

    /// The project we stand in.
    ///
    /// # Errors
    ///
    /// When we stand in none, or it cannot be read.
    pub fn project(&self) -> Result<Arc<Project>, Failure> {
        if let Some(project) = self.project.get() {
            return Ok(Arc::clone(project));
        }
        let project = Arc::new(Project::locate(&self.directory()?)?);
        Ok(Arc::clone(self.project.get_or_init(|| project)))
    }

    /// Where providers come from: also outside of a project.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::new(self.project().ok().as_ref().map(|project| project.root()))
    }

    /// A request that is about this project and asks nothing else.
    pub(crate) fn project_request(&self) -> Result<Request, Failure> {
        let project = self.project()?;
        Ok(Request {
            project_root: Some(project.root().to_owned()),
            project: Some(Arc::new(FactsOfProject(project))),
            ..Request::default()
        })
    }

    /// Whether every yes-or-no question has its answer.
    #[must_use]
    pub fn says_yes(&self) -> bool {
        self.setting.confirmer.says_yes()
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.setting.confirmer.can_ask()
    }

    /// A yes-or-no question. `option` answers it, and so does a yes to everything.
    ///
    /// # Errors
    ///
    /// When nobody answers, or the command is to end meanwhile.
    pub async fn confirm(&self, option: impl Into<String>, text: String) -> Result<bool, Failure> {
        self.ask(Question { text, option: option.into(), only_by_option: false }).await
    }

    /// One that a yes to everything does not answer, but `option` alone.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    pub async fn confirm_by_option(
        &self,
        option: impl Into<String>,
        text: String,
    ) -> Result<bool, Failure> {
        self.ask(Question { text, option: option.into(), only_by_option: true }).await
    }

    /// Work that ends when the command is to end.
    pub(crate) async fn unless_interrupted<T, E>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Failure>
    where
        Failure: From<E>,
    {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(SessionsError::Interrupted.into()),
            result = work => Ok(result?),
        }
    }

    /// Work that may end by itself when the command is to end, but soon: after it comes
    /// what undoes it.
    pub(crate) async fn soon_ended<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let over = async {
            self.cancel.cancelled().await;
            tokio::time::sleep(SOON).await;
        };
        tokio::select! {
            biased;
            result = work => result,
            () = over => Err(SessionsError::Interrupted.into()),
        }
    }

    async fn ask(&self, question: Question) -> Result<bool, Failure> {
        questions::answer(&self.setting.confirmer, &self.cancel, question).await
    }

    /// The user's logins to RenkuLabs. Nothing is read yet.
    #[must_use]
    pub fn logins(&self) -> login::Store {
        login::Store::new(self.configuration())
    }

    /// The user's origins. Nothing is read yet.
    #[must_use]
    pub fn origin_store(&self) -> origins::Store {
        origins::Store::new(self.configuration())
    }

    /// The RenkuLab that the project is bound to, where we stand in one.
    #[must_use]
    pub fn bound_renkulab(&self) -> Option<String> {
        renkulab_of(self.project().ok()?.as_ref())
    }

    /// The user's key. Nothing is read yet; where nothing may be changed, none is
    /// made either.
    #[must_use]
    pub fn key(&self) -> KeyFile {
        KeyFile::within(self.configuration(), !self.changes_nothing())
    }
}

/// The RenkuLab of a project. A file that cannot be read binds nothing; a command that
/// needs the project itself reports it.
fn renkulab_of(project: &Project) -> Option<String> {
    project.binding().ok().flatten()?.url
}
