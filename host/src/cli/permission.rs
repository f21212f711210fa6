//! Whether a provider may do what it imports: what the user said before, else a
//! question, else an error that names the command.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::app::App;
use super::error::Failure;
use crate::capabilities::containers::GrantLimits;
use crate::providers::{
    Description, Digest, Grant, GrantsError, GrantsFile, Origin, Package, ProvidersError,
};
use crate::sandbox::{Capability, Grants};

/// The user's decisions: those on the disk, read when one is needed, and those of
/// this run.
pub(super) struct Permissions {
    folder: PathBuf,
    file: OnceCell<RefCell<GrantsFile>>,
    now: RefCell<BTreeMap<Digest, Grant>>,
}

impl Permissions {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, file: OnceCell::new(), now: RefCell::default() }
    }

    fn file(&self) -> Result<&RefCell<GrantsFile>, GrantsError> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = GrantsFile::of(&self.folder)?;
        Ok(self.file.get_or_init(|| RefCell::new(file)))
    }

    /// What this file may do; none when nobody was asked.
    pub(super) fn of(&self, digest: &Digest) -> Result<Option<Grant>, GrantsError> {
        if let Some(grant) = self.now.borrow().get(digest) {
            return Ok(Some(grant.clone()));
        }
        Ok(self.file()?.borrow().of_digest(digest).cloned())
    }

    /// What the newest version of this name that was asked for may do.
    pub(super) fn of_name(&self, name: &str) -> Result<Option<Grant>, GrantsError> {
        Ok(self.file()?.borrow().of_name(name).cloned())
    }

    /// Everything that is on the disk.
    pub(super) fn all(&self) -> Result<Vec<Grant>, GrantsError> {
        Ok(self.file()?.borrow().all().to_vec())
    }

    /// Holds from now on, and is remembered.
    pub(super) fn put(&self, grant: Grant) -> Result<(), GrantsError> {
        self.now.borrow_mut().insert(grant.digest, grant.clone());
        self.file()?.borrow_mut().put(grant)
    }

    /// Forgets.
    pub(super) fn remove(&self, digest: &Digest) -> Result<(), GrantsError> {
        self.now.borrow_mut().remove(digest);
        self.file()?.borrow_mut().remove(digest)
    }
}

impl App {
    /// Asks the user, once per file, whether a provider may do what it imports.
    pub(super) async fn permit(&self, package: &Package) -> Result<(), Failure> {
        if self.locked {
            self.catalogue().require_locked(package)?;
        }
        if package.needs_no_permission() || self.permissions.of(&package.digest())?.is_some() {
            return Ok(());
        }
        let about = package.describe()?;
        self.ask_permission(&package.shown(), &about, from_project(package)).await
    }

    /// The question itself; `shown` is what the user typed.
    pub(super) async fn ask_permission(
        &self,
        shown: &str,
        about: &Description,
        from_project: bool,
    ) -> Result<(), Failure> {
        let wishes = wishes(about);
        if !self.questions.says_yes() && !self.questions.can_ask() {
            return Err(ProvidersError::NotPermitted { provider: shown.into(), wishes }.into());
        }
        let allowed_before = self.permissions.of_name(shown)?;
        let question = question(shown, about, allowed_before.as_ref(), from_project);
        if !self.confirm("--yes", question).await? {
            return Err(ProvidersError::NotPermitted { provider: shown.into(), wishes }.into());
        }
        let capabilities = about.capabilities();
        let grant = Grant::new(about.digest, shown.into(), about.version.clone(), capabilities);
        // What cannot be written down still holds for this command.
        if let Err(error) = self.permissions.put(grant) {
            self.printer.warning(&error);
        }
        Ok(())
    }

    /// Every provider that is asked when none is named: what is bundled, and
    /// what may run without a question. Bundled ones whose sessions run elsewhere
    /// only with `elsewhere`. One that is broken is a warning.
    pub(super) fn every_provider(&self, elsewhere: bool) -> Result<Vec<Package>, Failure> {
        let allowed = |digest: &Digest| matches!(self.permissions.of(digest), Ok(Some(_)));
        let catalogue = self.catalogue();
        let (mut packages, broken) = catalogue.every(elsewhere, allowed)?;
        if self.locked {
            packages.retain(|package| catalogue.require_locked(package).is_ok());
        }
        for error in broken {
            self.printer.warning(&error);
        }
        Ok(packages)
    }

    /// What a provider is linked with. What it wants and was not granted is
    /// there and answers `denied`.
    pub(super) fn grants(&self, package: &Package) -> Grants {
        let wanted = package.facts.capabilities();
        let open = |capability: &Capability| !self.offline || *capability != Capability::Http;
        if package.origin == Origin::Bundled {
            return Grants::only(wanted.iter().copied().filter(open)).refusing(wanted);
        }
        // Grants that cannot be read were an error when permission was looked up.
        let grant = self.permissions.of(&package.digest()).ok().flatten();
        let granted = |capability: &Capability| {
            *capability == Capability::Prompt
                || open(capability)
                    && grant.as_ref().is_some_and(|grant| grant.capabilities.contains(capability))
        };
        let grants = Grants::only(wanted.iter().copied().filter(granted));
        // Nobody was asked: then what it wants is absent, and it does not load.
        if grant.is_some() { grants.refusing(wanted) } else { grants }
    }
}

impl App {
    /// The bounds of what was granted.
    pub(super) fn limits(&self, package: &Package) -> GrantLimits {
        let unbounded = GrantLimits { engine_flags: true, ..GrantLimits::default() };
        if package.origin == Origin::Bundled {
            return unbounded;
        }
        let grant = self.permissions.of(&package.digest()).ok().flatten();
        grant.map_or_else(GrantLimits::default, |grant| GrantLimits {
            images: grant.images,
            max_cpu: grant.max_cpu,
            max_memory: grant.max_memory,
            engine_flags: grant.engine_flags,
        })
    }
}

fn from_project(package: &Package) -> bool {
    matches!(package.origin, Origin::Project(..))
}

/// What allowing it means, never nothing.
pub(super) fn wishes(about: &Description) -> Vec<String> {
    let wishes = about.wishes();
    if wishes.is_empty() {
        return vec!["may run in its sandbox, and reach nothing outside of it".into()];
    }
    wishes
}

fn question(
    shown: &str,
    about: &Description,
    before: Option<&Grant>,
    from_project: bool,
) -> String {
    let version = about.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let origin = if from_project { " comes with this project. It" } else { "" };
    let wider = before.filter(|before| !before.covers(&about.capabilities()));
    if let Some(before) = wider {
        let news: Vec<String> = about
            .capabilities()
            .into_iter()
            .filter(|it| !before.capabilities.contains(it))
            .flat_map(|it| about.wishes_of(it))
            .map(|wish| format!("\n  new: {wish}"))
            .collect();
        let earlier = before.version.as_ref().map(ToString::to_string);
        return format!(
            "Provider `{shown}`{version} wants more than {}, which you allowed:{}\nAllow it?",
            earlier.as_deref().unwrap_or("the version before"),
            news.concat(),
        );
    }
    format!(
        "Provider `{shown}`{version}{origin}, if you allow it:\n  {}\nAllow it?",
        wishes(about).join("\n  ")
    )
}
