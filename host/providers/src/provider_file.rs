//! One provider: its bytes, where they came from, and what they say.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use semver::Version;

use super::about::About;
use super::bundled::Bundled;
use super::error::ProvidersError;
use super::manifest::Manifest;
use super::name::Name;
use super::signing::{self, Verdict};
use super::size_limit::size_limit;
use super::sources::{FileAt, Source, read_file};
use super::store::Installed;
use crate::domain::{Digest, Identity};
use crate::sandbox::{Capability, Code, Sections, limits};

/// Where a provider was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundAt {
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

impl FoundAt {
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
pub struct ProviderFile {
    /// What sessions, secrets and origins are bound to. Never what the file says
    /// about itself.
    pub identity: Identity,
    /// Where it was found.
    pub found_at: FoundAt,
    /// Imports, exports, sections.
    pub sections: Sections,
    /// Options, configuration, wishes.
    pub manifest: Manifest,
    /// Whether it shows and stops the sessions of the Python `renku`, too: never
    /// what a file says about itself.
    pub sees_python_renku: bool,
    /// Who vouches for it. Nobody signs what is part of the binary.
    pub verdict: Verdict,
    /// Where an installed one was fetched from.
    fetched: Option<Source>,
    digest: Digest,
    bytes: Cow<'static, [u8]>,
}

impl ProviderFile {
    pub(super) fn bundled(bundled: &Bundled) -> Result<Self, ProvidersError> {
        let digest = Digest::from_bytes(bundled.digest);
        let bytes = Cow::Borrowed(bundled.bytes);
        let limit = limits::PACKAGE_BYTES;
        let identity = Identity::named(bundled.name);
        let file = Self::new(identity, FoundAt::Bundled, digest, bytes, Verdict::Unsigned, limit)?;
        Ok(Self { sees_python_renku: bundled.sees_python_renku, ..file })
    }

    /// Reads a component for whoever wants to know what is wrong with it: it may be
    /// one that could not be loaded, and without a manifest that can be read. Its
    /// author asks, so nobody looks for a signature.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is no component.
    pub fn examine(path: &Path) -> Result<Self, ProvidersError> {
        let limit = size_limit()?;
        let bytes = read_file(path, limit)?;
        let digest = Digest::of(&bytes);
        let identity = Identity::of_file(digest);
        let found_at = FoundAt::File(path.into());
        let sections = Sections::read(&shown(&found_at, &identity), &bytes, limit)?;
        let manifest = Manifest::of("", &sections).unwrap_or_default();
        let (bytes, verdict) = (bytes.into(), Verdict::Unsigned);
        Ok(Self {
            identity,
            found_at,
            sections,
            manifest,
            sees_python_renku: false,
            verdict,
            fetched: None,
            digest,
            bytes,
        })
    }

    /// Reads a provider from a file, and the signature beside it; its identity is
    /// the digest when it has none. `configuration` is where the user's keys are.
    pub(super) fn read(
        file: FileAt<'_>,
        found_at: FoundAt,
        identity: Option<Identity>,
        configuration: Option<&Path>,
    ) -> Result<Self, ProvidersError> {
        let limit = size_limit()?;
        let (bytes, signature) = (file.read(limit)?, file.signature()?);
        let digest = Digest::of(&bytes);
        let identity = identity.unwrap_or_else(|| Identity::of_file(digest));
        let name = shown(&found_at, &identity);
        let verdict =
            signing::verify_at_load(&name, &bytes, signature.as_deref(), configuration, None)?;
        Self::new(identity, found_at, digest, bytes.into(), verdict, limit)
    }

    /// From the store, which has checked the digest; the signature, too.
    pub(super) fn installed(
        receipt: Installed,
        bytes: Vec<u8>,
        verdict: Verdict,
    ) -> Result<Self, ProvidersError> {
        let Installed { name, version, source, about, .. } = receipt;
        let limit = limits::MOST_PACKAGE_BYTES;
        let (identity, found_at) =
            (Identity::named(name.as_str()), FoundAt::Installed(name, version));
        let file = Self::new(identity, found_at, about.digest, bytes.into(), verdict, limit)?;
        Ok(Self { fetched: Some(source), ..file })
    }

    fn new(
        identity: Identity,
        found_at: FoundAt,
        digest: Digest,
        bytes: Cow<'static, [u8]>,
        verdict: Verdict,
        limit: usize,
    ) -> Result<Self, ProvidersError> {
        let shown = shown(&found_at, &identity);
        let sections = Sections::read(&shown, &bytes, limit)?;
        sections.check(&shown)?;
        let manifest = Manifest::of(&shown, &sections)?;
        Ok(Self {
            identity,
            found_at,
            sections,
            manifest,
            sees_python_renku: false,
            verdict,
            fetched: None,
            digest,
            bytes,
        })
    }

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
        shown(&self.found_at, &self.identity)
    }

    /// Where it comes from; none for what is part of the binary.
    #[must_use]
    pub fn source(&self) -> Option<Source> {
        match &self.found_at {
            FoundAt::File(path) | FoundAt::Project(_, path) | FoundAt::System(_, path) => {
                Some(Source::File(path.clone()))
            }
            FoundAt::Bundled | FoundAt::Installed(..) => self.fetched.clone(),
        }
    }

    /// Its version, when it says one.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        let section = self.sections.custom.get("version")?;
        std::str::from_utf8(section).ok()?.parse().ok()
    }

    /// Everything the file says; validates all of it.
    ///
    /// # Errors
    ///
    /// When it is not valid through and through.
    pub fn describe(&self) -> Result<About, ProvidersError> {
        About::read(&self.shown(), &self.bytes, limits::MOST_PACKAGE_BYTES)
    }

    /// Whether nobody has to be asked: it is bundled, or reaches nothing. What a
    /// cloned project brings along is always asked for.
    #[must_use]
    pub fn needs_no_permission(&self) -> bool {
        match self.found_at {
            FoundAt::Bundled => true,
            FoundAt::Project(..) => false,
            _ => self.sections.capabilities().iter().all(|it| *it == Capability::Prompt),
        }
    }
}

fn shown(found_at: &FoundAt, identity: &Identity) -> String {
    match found_at {
        FoundAt::Bundled => identity.shown(),
        FoundAt::File(path) => path.display().to_string(),
        FoundAt::Project(name, _) | FoundAt::Installed(name, _) | FoundAt::System(name, _) => {
            name.to_string()
        }
    }
}
