//! One provider: its bytes, where they came from, and what they say.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::error::ProvidersError;
use super::manifest::{Manifest, SECTION};
use crate::sandbox::{Capability, Code, Facts, Grants};

/// Where a provider came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the binary.
    Bundled,
    /// A file the user named.
    File(PathBuf),
}

/// A provider that can be loaded. Nothing of it has run.
#[derive(Debug, Clone)]
pub struct Package {
    /// What sessions and secrets are bound to: the bundled name, or
    /// `file:<12 hex of the digest>`. Never what the file says about itself.
    pub identity: String,
    /// Where it came from.
    pub origin: Origin,
    /// Imports, exports, sections.
    pub facts: Facts,
    /// Options, configuration, wishes.
    pub manifest: Manifest,
    bytes: Cow<'static, [u8]>,
    digest: [u8; 32],
}

impl Package {
    pub(super) fn bundled(
        name: &'static str,
        bytes: &'static [u8],
        digest: [u8; 32],
    ) -> Result<Self, ProvidersError> {
        Self::new(name.into(), Origin::Bundled, bytes.into(), digest)
    }

    /// Reads a provider from a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read or is no provider.
    pub fn from_file(path: &Path) -> Result<Self, ProvidersError> {
        let bytes = std::fs::read(path)
            .map_err(|source| ProvidersError::Unreadable { path: path.into(), source })?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let hex: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self::new(format!("file:{hex}"), Origin::File(path.into()), bytes.into(), digest)
    }

    fn new(
        identity: String,
        origin: Origin,
        bytes: Cow<'static, [u8]>,
        digest: [u8; 32],
    ) -> Result<Self, ProvidersError> {
        let shown = match &origin {
            Origin::Bundled => identity.clone(),
            Origin::File(path) => path.display().to_string(),
        };
        let facts = Facts::read(&shown, &bytes)?;
        facts.check(&shown)?;
        let manifest = match facts.sections.get(SECTION) {
            None => Manifest::default(),
            Some(section) => Manifest::parse(section)
                .map_err(|reason| ProvidersError::Manifest { provider: shown, reason })?,
        };
        Ok(Self { identity, origin, facts, manifest, bytes, digest })
    }

    /// The component.
    #[must_use]
    pub fn code(&self) -> Code<'_> {
        Code { bytes: &self.bytes, digest: self.digest }
    }

    /// Its own version, from the section `version` of the OCI annotations, where it
    /// has one.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        let section = self.facts.sections.get("version")?;
        String::from_utf8(section.clone()).ok()
    }

    /// How the provider is named in messages: what the user typed.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.origin {
            Origin::Bundled => self.identity.clone(),
            Origin::File(path) => path.display().to_string(),
        }
    }

    /// What it has without anybody being asked: a bundled provider what it
    /// imports, any other what reaches nothing.
    #[must_use]
    pub fn standing_grants(&self) -> Grants {
        match self.origin {
            Origin::Bundled => Grants::only(self.facts.capabilities()),
            Origin::File(_) => Grants::only([Capability::Prompt]),
        }
    }

    /// What it needs beyond its standing grants, in plain words: the import
    /// section says what, the manifest may say why.
    #[must_use]
    pub fn wishes(&self) -> Vec<String> {
        let standing = self.standing_grants();
        self.facts
            .capabilities()
            .into_iter()
            .filter(|capability| !standing.allows(*capability))
            .map(|capability| {
                let words = capability.in_plain_words();
                let wish =
                    self.manifest.wants.iter().find(|wish| wish.capability == capability.as_str());
                match wish {
                    Some(wish) => format!("{words} (it says: {})", wish.reason),
                    None => words.to_owned(),
                }
            })
            .collect()
    }
}
