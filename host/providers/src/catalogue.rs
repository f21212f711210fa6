//! Where providers are looked for, and in which order: the path that was given,
//! bundled, the project's `.renku/providers/`, the user's store, this machine's
//! folder. A bundled name is never another provider; for the rest the nearest wins,
//! and the project's lock has the last word.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::bundled;
use super::error::ProvidersError;
use super::folder;
use super::lock_file::{LockFile, Locked};
use super::name::{Name, Versions, Wanted};
use super::provider::Provider;
use super::provider_file::{FoundAt, ProviderFile};
use super::sources::FileAt;
use super::store::{Installed, Store};
use crate::domain::{Digest, Identity};
use crate::files::ProjectTree;
use crate::files::directories::{self, NoHome};

/// Where an administrator puts providers for everybody.
const SYSTEM: &str = "/usr/share/renku/providers";

/// Beside the project, for those who work on it.
const PROJECT: &str = ".renku/providers";

/// All places that providers come from.
#[derive(Debug)]
pub struct Catalogue {
    store: Option<Store>,
    system: PathBuf,
    project: Option<PathBuf>,
    /// Where the keys are that the user trusts.
    configuration: Option<PathBuf>,
}

/// A provider that could have sessions and cannot be asked.
#[derive(Debug)]
pub struct Broken {
    pub provider: String,
    pub error: ProvidersError,
}

impl Catalogue {
    /// The places of this user and of the project at `root`.
    #[must_use]
    pub fn new(root: Option<&Path>) -> Self {
        let system = std::env::var_os("RENKU_SYSTEM_PROVIDERS")
            .map_or_else(|| PathBuf::from(SYSTEM), PathBuf::from);
        Self {
            store: directories::data().map(|folder| Store::at(folder.join("providers"))),
            system,
            project: root.map(Path::to_owned),
            configuration: directories::configuration(),
        }
    }

    /// The user's store.
    ///
    /// # Errors
    ///
    /// When the user has no home.
    pub fn store(&self) -> Result<&Store, ProvidersError> {
        self.store.as_ref().ok_or_else(|| ProvidersError::NoHome(NoHome::reason()))
    }

    /// The project's lock; none outside of a project.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be used.
    pub fn lock(&self) -> Result<Option<LockFile>, ProvidersError> {
        Ok(self.project.as_deref().map(LockFile::of).transpose()?)
    }

    /// The provider that `text` means: a file when it is a path, else a name,
    /// with versions behind an `@`.
    ///
    /// # Errors
    ///
    /// When there is none, its file is none, or the lock names another.
    pub fn find(&self, text: &str) -> Result<ProviderFile, ProvidersError> {
        self.load(self.look_up(text)?)
    }

    /// The same for commands that run nothing: a version that is named is found
    /// where the project is locked to another one, too.
    ///
    /// # Errors
    ///
    /// As [`Self::find`], but for the lock.
    pub fn find_version(&self, text: &str) -> Result<ProviderFile, ProvidersError> {
        match text.parse().map_err(|reason| ProvidersError::Name { reason })? {
            Wanted::Named(name, versions) if versions != Versions::Any && !is_bundled(&name) => {
                self.load(self.unlocked(&name, &versions)?)
            }
            _ => self.find(text),
        }
    }

    /// The same, as far as the command line needs it: the file of an installed
    /// provider is not read.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub fn look_up(&self, text: &str) -> Result<Provider, ProvidersError> {
        match text.parse().map_err(|reason| ProvidersError::Name { reason })? {
            Wanted::Path(path) => {
                let file = FileAt::Path(&path);
                Ok(self.read(file, FoundAt::File(path.clone()), None)?.into())
            }
            Wanted::Named(name, versions) => self.named(&name, &versions),
        }
    }

    /// The provider that was looked up, with its file.
    ///
    /// # Errors
    ///
    /// When its file is not what was installed.
    pub fn load(&self, entry: Provider) -> Result<ProviderFile, ProvidersError> {
        entry.load(self.store.as_ref(), self.configuration.as_deref())
    }

    fn read(
        &self,
        file: FileAt<'_>,
        found_at: FoundAt,
        identity: Option<Identity>,
    ) -> Result<ProviderFile, ProvidersError> {
        ProviderFile::read(file, found_at, identity, self.configuration.as_deref())
    }

    fn named(&self, name: &Name, versions: &Versions) -> Result<Provider, ProvidersError> {
        if let Some(bundled) = bundled::all().find(|it| it.name == name.as_str()) {
            let file = ProviderFile::bundled(&bundled)?;
            return match file.version() {
                Some(version) if !versions.allow(&version) => Err(ProvidersError::NoVersion {
                    name: name.to_string(),
                    wanted: versions.to_string(),
                    there: vec![version],
                }),
                _ => Ok(file.into()),
            };
        }
        if let Some(locked) = self.lock()?.as_ref().and_then(|lock| lock.get(name)) {
            if !versions.allow(&locked.version) {
                return Err(ProvidersError::LockedOther {
                    name: name.clone(),
                    locked: locked.version.clone(),
                    wanted: versions.to_string(),
                });
            }
            return self.locked(locked);
        }
        self.unlocked(name, versions)
    }

    /// The one file that the lock means, wherever it lies.
    fn locked(&self, locked: &Locked) -> Result<Provider, ProvidersError> {
        let is_meant = |file: &ProviderFile| file.digest() == locked.digest;
        if let Some(file) = self.project_file(&locked.name)?.filter(is_meant) {
            return Ok(file.into());
        }
        if let Some(store) = &self.store {
            let found = store.versions(&locked.name)?;
            let mut receipts = found.receipts.into_iter();
            if let Some(receipt) = receipts.find(|it| it.about.digest == locked.digest) {
                return Ok(Provider::Installed(Box::new(receipt)));
            }
            // It may be the one that cannot be read.
            if let Some(error) = found.damaged.into_iter().next() {
                return Err(error.into());
            }
        }
        if let Some(file) = self.system_file(&locked.name)?.filter(is_meant) {
            return Ok(file.into());
        }
        Err(ProvidersError::LockedMissing {
            name: locked.name.clone(),
            version: locked.version.clone(),
        })
    }

    fn unlocked(&self, name: &Name, versions: &Versions) -> Result<Provider, ProvidersError> {
        let mut there = Vec::new();
        if let Some(file) = self.project_file(name)? {
            match fits(&file, versions) {
                true => return Ok(file.into()),
                false => there.extend(file.version()),
            }
        }
        if let Some(store) = &self.store {
            let mut found = store.versions(name)?;
            if let Some(at) = found.receipts.iter().position(|it| versions.allow(&it.version)) {
                return Ok(Provider::Installed(Box::new(found.receipts.swap_remove(at))));
            }
            if let Some(error) = found.damaged.into_iter().next() {
                return Err(error.into());
            }
            there.extend(found.receipts.into_iter().map(|receipt| receipt.version));
        }
        if let Some(file) = self.system_file(name)? {
            match fits(&file, versions) {
                true => return Ok(file.into()),
                false => there.extend(file.version()),
            }
        }
        let name = name.to_string();
        Err(match there.is_empty() {
            true => ProvidersError::Unknown { name, known: self.known() },
            false => ProvidersError::NoVersion { name, wanted: versions.to_string(), there },
        })
    }

    /// The folder of the project, wherever a link inside of the project leads.
    fn project_folder(&self) -> Option<ProjectTree> {
        let root = ProjectTree::open(self.project.as_deref()?).ok()?;
        root.subtree(Path::new(PROJECT)).ok().flatten()
    }

    fn system_folder(&self) -> Option<ProjectTree> {
        ProjectTree::open(&self.system).ok()
    }

    /// A provider that the project brings along; its sessions belong to its
    /// digest, never to a name that somebody else's provider may have.
    pub(super) fn project_file(&self, name: &Name) -> Result<Option<ProviderFile>, ProvidersError> {
        let Some(folder) = self.project_folder() else { return Ok(None) };
        let Some(path) = folder::file(&folder, name) else { return Ok(None) };
        let found_at = FoundAt::Project(name.clone(), folder.path().join(&path));
        self.read(FileAt::Below(&folder, &path), found_at, None).map(Some)
    }

    pub(super) fn system_file(&self, name: &Name) -> Result<Option<ProviderFile>, ProvidersError> {
        let Some(folder) = self.system_folder() else { return Ok(None) };
        let Some(path) = folder::file(&folder, name) else { return Ok(None) };
        let found_at = FoundAt::System(name.clone(), folder.path().join(&path));
        let identity = Some(Identity::named(name.as_str()));
        self.read(FileAt::Below(&folder, &path), found_at, identity).map(Some)
    }

    /// The file that the administrator of this machine put there for a name.
    #[must_use]
    pub fn system_path(&self, name: &Name) -> Option<PathBuf> {
        let folder = self.system_folder()?;
        Some(folder.path().join(folder::file(&folder, name)?))
    }

    /// The names that `-p` knows: bundled ones in the order they are asked, then
    /// all others by name. No provider is read.
    #[must_use]
    pub fn known(&self) -> Vec<String> {
        let mut known: Vec<String> = bundled::all().map(|it| it.name.to_owned()).collect();
        let others = self.others().into_iter().map(|name| name.to_string());
        known.extend(others);
        known
    }

    fn others(&self) -> BTreeSet<Name> {
        let mut names = BTreeSet::new();
        names.extend(self.project_folder().iter().flat_map(folder::files));
        if let Some(store) = &self.store {
            names.extend(store.names());
        }
        names.extend(self.system_folder().iter().flat_map(folder::files));
        names.retain(|name| !is_bundled(name));
        names
    }

    /// Every provider that is asked when none is named, in order: what is bundled,
    /// and of every other name the one that `find` would give, if `allowed` says
    /// that its file may run without a question. Bundled ones whose sessions run
    /// elsewhere are read only with `elsewhere`; those of which this user never had a
    /// session are not read at all. One that is broken is an error in
    /// its place.
    ///
    /// # Errors
    ///
    /// When what is bundled is broken.
    pub fn every(
        &self,
        elsewhere: bool,
        allowed: impl Fn(&Digest) -> bool,
    ) -> Result<(Vec<ProviderFile>, Vec<Broken>), ProvidersError> {
        let mut files: Vec<ProviderFile> = bundled::all()
            .filter(|it| (elsewhere || !it.remote) && it.may_have_sessions())
            .map(|it| ProviderFile::bundled(&it))
            .collect::<Result<_, _>>()?;
        let (names, mut broken) = self.candidates(&allowed)?;
        for name in names {
            match self.named(&name, &Versions::Any).and_then(|entry| self.load(entry)) {
                Ok(file) if file.needs_no_permission() || allowed(&file.digest()) => {
                    files.push(file);
                }
                Ok(_) | Err(ProvidersError::LockedMissing { .. }) => {}
                Err(error) => broken.push(Broken { provider: name.to_string(), error }),
            }
        }
        Ok((files, broken))
    }

    /// The names that could have sessions. What is installed and was never
    /// allowed has none: its receipt says so, and its file is not read. Receipts
    /// that cannot be read are broken providers.
    fn candidates(
        &self,
        allowed: &impl Fn(&Digest) -> bool,
    ) -> Result<(BTreeSet<Name>, Vec<Broken>), ProvidersError> {
        let (mut names, mut broken) = (BTreeSet::new(), Vec::new());
        names.extend(self.project_folder().iter().flat_map(folder::files));
        names.extend(self.system_folder().iter().flat_map(folder::files));
        if let Some(store) = &self.store {
            let able = |receipt: &Installed| {
                !receipt.about.reaches_out() || allowed(&receipt.about.digest)
            };
            let found = store.all()?;
            let receipts = found.receipts.into_iter().filter(able);
            names.extend(receipts.map(|receipt| receipt.name));
            broken.extend(
                found
                    .damaged
                    .into_iter()
                    .map(|error| Broken { provider: error.provider(), error: error.into() }),
            );
        }
        names.retain(|name| !is_bundled(name));
        Ok((names, broken))
    }

    /// Everything there is, for `provider list`: no file of the store is read.
    ///
    /// # Errors
    ///
    /// When the store cannot be read. Broken providers are errors of their own.
    pub fn entries(&self) -> Result<(Vec<Provider>, Vec<ProvidersError>), ProvidersError> {
        let mut entries = Vec::new();
        let mut broken: Vec<ProvidersError> = Vec::new();
        let mut take = |file: Result<Option<ProviderFile>, ProvidersError>| match file {
            Ok(file) => entries.extend(file.map(Box::new).map(Provider::File)),
            Err(error) => broken.push(error),
        };
        for bundled in bundled::all() {
            take(ProviderFile::bundled(&bundled).map(Some));
        }
        for name in self.project_folder().iter().flat_map(folder::files) {
            take(self.project_file(&name));
        }
        for name in self.system_folder().iter().flat_map(folder::files) {
            take(self.system_file(&name));
        }
        if let Some(store) = &self.store {
            let found = store.all()?;
            entries.extend(
                found.receipts.into_iter().map(|receipt| Provider::Installed(Box::new(receipt))),
            );
            broken.extend(found.damaged.into_iter().map(ProvidersError::from));
        }
        Ok((entries, broken))
    }

    /// What `--locked` wants: that a provider which is not part of `renku` is the
    /// one in the lock.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub fn require_locked(&self, file: &ProviderFile) -> Result<(), ProvidersError> {
        if file.found_at == FoundAt::Bundled {
            return Ok(());
        }
        let digest = file.digest();
        let is_locked = self
            .lock()?
            .is_some_and(|lock| lock.entries().iter().any(|locked| locked.digest == digest));
        if is_locked {
            return Ok(());
        }
        Err(ProvidersError::NotLocked { provider: file.shown(), digest })
    }
}

/// A file without a version is only meant when none was asked for.
fn fits(file: &ProviderFile, versions: &Versions) -> bool {
    match file.version() {
        Some(version) => versions.allow(&version),
        None => *versions == Versions::Any,
    }
}

/// Whether a name belongs to a provider that is part of `renku`.
#[must_use]
pub fn is_bundled(name: &Name) -> bool {
    bundled::all().any(|it| it.name == name.as_str())
}
