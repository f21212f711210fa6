//! One provider: its bytes, where they came from, and what they say.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use semver::Version;

use super::bundled::Bundled;
use super::describe::Description;
use super::digest::Digest;
use super::error::ProvidersError;
use super::manifest::{Manifest, SECTION};
use super::name::Name;
use super::size_limit::size_limit;
use super::sources::read_file;
use crate::sandbox::{Capability, Code, Facts, limits};

/// Where a provider came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the binary.
    Bundled,
    /// A file the user named.
    File(PathBuf),
    /// A file that the project brings along, by its name.
    Project(Name, PathBuf),
    /// The user installed it.
    Installed(Name, Version),
    /// The administrator of this machine installed it.
    System(Name, PathBuf),
}

impl Origin {
    /// In one word, for lists.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::File(_) => "file",
            Self::Project(..) => "project",
            Self::Installed(..) => "installed",
            Self::System(..) => "system",
        }
    }
}

/// A provider that can be loaded. Nothing of it has run.
#[derive(Debug, Clone)]
pub struct Package {
    /// What sessions and secrets are bound to: the name under which it is
    /// bundled or was installed, else `file:<12 hex of the digest>`. Never what
    /// the file says about itself.
    pub identity: String,
    /// Where it came from.
    pub origin: Origin,
    /// Imports, exports, sections.
    pub facts: Facts,
    /// Options, configuration, wishes.
    pub manifest: Manifest,
    digest: Digest,
    bytes: Cow<'static, [u8]>,
}

impl Package {
    pub(super) fn bundled(bundled: &Bundled) -> Result<Self, ProvidersError> {
        let digest = Digest::from_bytes(bundled.digest);
        let bytes = Cow::Borrowed(bundled.bytes);
        Self::new(bundled.name.into(), Origin::Bundled, digest, bytes, limits::PACKAGE_BYTES)
    }

    /// Reads a provider from a file that the user named.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is no provider.
    pub fn from_file(path: &Path) -> Result<Self, ProvidersError> {
        Self::read(path, Origin::File(path.into()), None)
    }

    /// Reads a component for whoever wants to know what is wrong with it: it may be
    /// one that could not be loaded, and without a manifest that can be read.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is no component.
    pub fn examine(path: &Path) -> Result<Self, ProvidersError> {
        let limit = size_limit()?;
        let bytes = read_file(path, limit)?;
        let digest = Digest::of(&bytes);
        let identity = format!("file:{}", digest.short());
        let origin = Origin::File(path.into());
        let facts = Facts::read(&shown(&origin, &identity), &bytes, limit)?;
        let manifest = manifest_of("", &facts).unwrap_or_default();
        Ok(Self { identity, origin, facts, manifest, digest, bytes: bytes.into() })
    }

    /// Reads a provider from a file; its identity is the digest when it has none.
    pub(super) fn read(
        path: &Path,
        origin: Origin,
        identity: Option<String>,
    ) -> Result<Self, ProvidersError> {
        let limit = size_limit()?;
        let bytes = read_file(path, limit)?;
        let digest = Digest::of(&bytes);
        let identity = identity.unwrap_or_else(|| format!("file:{}", digest.short()));
        Self::new(identity, origin, digest, bytes.into(), limit)
    }

    /// From the store, which has checked the digest.
    pub(super) fn installed(
        name: &Name,
        version: &Version,
        digest: Digest,
        bytes: Vec<u8>,
    ) -> Result<Self, ProvidersError> {
        let origin = Origin::Installed(name.clone(), version.clone());
        let limit = limits::MOST_PACKAGE_BYTES;
        Self::new(name.to_string(), origin, digest, bytes.into(), limit)
    }

    fn new(
        identity: String,
        origin: Origin,
        digest: Digest,
        bytes: Cow<'static, [u8]>,
        limit: usize,
    ) -> Result<Self, ProvidersError> {
        let shown = shown(&origin, &identity);
        let facts = Facts::read(&shown, &bytes, limit)?;
        facts.check(&shown)?;
        let manifest = manifest_of(&shown, &facts)?;
        Ok(Self { identity, origin, facts, manifest, digest, bytes })
    }

    /// The component.
    #[must_use]
    pub fn code(&self) -> Code<'_> {
        Code { bytes: &self.bytes, digest: self.digest.bytes() }
    }

    /// The digest of the component.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How the provider is named in messages: what the user typed.
    #[must_use]
    pub fn shown(&self) -> String {
        shown(&self.origin, &self.identity)
    }

    /// Its version, when it says one.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        let section = self.facts.sections.get("version")?;
        std::str::from_utf8(section).ok()?.parse().ok()
    }

    /// Everything the file says; validates all of it.
    ///
    /// # Errors
    ///
    /// When it is not valid through and through.
    pub fn describe(&self) -> Result<Description, ProvidersError> {
        Description::read(&self.shown(), &self.bytes, limits::MOST_PACKAGE_BYTES)
    }

    /// Whether nobody has to be asked: it is bundled, or reaches nothing. What a
    /// cloned project brings along is always asked for.
    #[must_use]
    pub fn needs_no_permission(&self) -> bool {
        match self.origin {
            Origin::Bundled => true,
            Origin::Project(..) => false,
            _ => self.facts.capabilities().iter().all(|it| *it == Capability::Prompt),
        }
    }
}

fn shown(origin: &Origin, identity: &str) -> String {
    match origin {
        Origin::Bundled => identity.to_owned(),
        Origin::File(path) => path.display().to_string(),
        Origin::Project(name, _) | Origin::Installed(name, _) | Origin::System(name, _) => {
            name.to_string()
        }
    }
}

/// The manifest of a component; one that has none says nothing.
pub(super) fn manifest_of(shown: &str, facts: &Facts) -> Result<Manifest, ProvidersError> {
    match facts.sections.get(SECTION) {
        None => Ok(Manifest::default()),
        Some(section) => Manifest::parse(section)
            .map_err(|reason| ProvidersError::Manifest { provider: shown.into(), reason }),
    }
}
