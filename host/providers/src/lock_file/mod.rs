//! `renku-providers.lock` in the root of a project: exactly which providers it is
//! used with.
//!
//! A lock only constrains. It never downloads, trusts or grants: it comes with a
//! cloned project, and the project is not the user.

mod error;

use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Serialize};

use super::name::Name;
use super::place::Place;
use super::store::Installed;
use crate::domain::Digest;
use crate::files::{self, FileError, ProjectTree, Reason};
use crate::sandbox::Capability;

pub use error::LockError;

pub const FILE: &str = "renku-providers.lock";

/// The version of this format.
const FORMAT: u32 = 1;

/// More than a lock can be.
const BYTES: u64 = 1 << 20;

/// One provider of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    pub name: Name,
    pub version: Version,
    /// The version of the contract.
    pub api: String,
    /// Where it can be had; none: it was installed from a file outside of the
    /// project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Place>,
    /// Its digest: what really counts.
    pub digest: Digest,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// The capabilities it imports.
    pub capabilities: Vec<Capability>,
}

impl Locked {
    /// An installed provider, for a project at `root`, or for nobody in particular.
    #[must_use]
    pub fn new(receipt: &Installed, root: Option<&Path>) -> Self {
        // The root of nothing: no file is inside.
        let root = root.unwrap_or(Path::new(""));
        Self {
            name: receipt.name.clone(),
            version: receipt.version.clone(),
            api: receipt.about.api.clone(),
            source: Place::of(&receipt.source, root),
            digest: receipt.about.digest,
            signer: receipt.signer.clone(),
            capabilities: receipt.about.capabilities(),
        }
    }
}

/// A whole lock, sorted by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockFile {
    version: u32,
    #[serde(default, rename = "provider")]
    providers: Vec<Locked>,
    #[serde(skip)]
    path: PathBuf,
}

impl LockFile {
    /// The lock of the project at `root`, empty when there is none.
    ///
    /// # Errors
    ///
    /// When there is something else.
    pub fn of(root: &Path) -> Result<Self, LockError> {
        let path = root.join(FILE);
        let malformed = |reason| LockError::Malformed { path: path.clone(), reason };
        let Some(text) = ProjectTree::text_of(root, Path::new(FILE), BYTES)? else {
            return Ok(Self { version: FORMAT, providers: Vec::new(), path });
        };
        let mut lock: Self =
            toml::from_str(&text).map_err(|error| malformed(error.message().to_owned()))?;
        if lock.version != FORMAT {
            return Err(malformed(format!(
                "it has version {}, but this `renku` supports {FORMAT}",
                lock.version
            )));
        }
        lock.path = path;
        Ok(lock)
    }

    /// What it says about `name`.
    #[must_use]
    pub fn get(&self, name: &Name) -> Option<&Locked> {
        self.providers.iter().find(|locked| locked.name == *name)
    }

    #[must_use]
    pub fn entries(&self) -> &[Locked] {
        &self.providers
    }

    /// The project that it is of.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Where it is, or would be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts an entry in, for the one of its name.
    pub fn put(&mut self, locked: Locked) {
        self.providers.retain(|other| other.name != locked.name);
        self.providers.push(locked);
        self.providers.sort_by(|left, right| left.name.cmp(&right.name));
    }

    /// Takes an entry out; whether there was one.
    pub fn take(&mut self, name: &Name) -> bool {
        let before = self.providers.len();
        self.providers.retain(|other| other.name != *name);
        self.providers.len() < before
    }

    /// Changes the lock of the project at `root`; two commands at once do it one
    /// after the other. An error changes nothing.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or the project cannot be written to; those of `change`.
    pub fn change<E: From<LockError>>(
        root: &Path,
        change: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<Self, E> {
        let project = ProjectTree::open(root).map_err(LockError::from)?;
        let _locked = files::lock_project(&project).map_err(LockError::from)?;
        let mut lock = Self::of(root)?;
        change(&mut lock)?;
        let text = toml::to_string(&lock).map_err(|error| {
            let reason = Reason::Unwritable(std::io::Error::other(error));
            LockError::from(FileError::new(lock.path.clone(), reason))
        })?;
        let text = format!("# Made by `renku session provider pin`\n{text}");
        project.replace(Path::new(FILE), text.as_bytes()).map_err(LockError::from)?;
        Ok(lock)
    }
}
