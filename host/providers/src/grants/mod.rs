//! What the user allowed: `grants.toml` in the configuration directory, keyed by
//! the digest of the provider's file, so that no grant outlives the bytes it was
//! given to.

mod error;

use std::collections::BTreeSet;
use std::path::Path;

use semver::Version;
use serde::{Deserialize, Serialize};

use super::about::About;
use super::limits::Limits;
use crate::domain::Digest;
use crate::files::OwnFile;
use crate::sandbox::Capability;

pub use error::GrantsError;

/// The version of this format.
const FORMAT: u32 = 1;

/// What one provider file may do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub digest: Digest,
    /// What it was called when it was asked for; for people, and to find what an
    /// earlier version was allowed.
    pub name: String,
    /// Its version, when it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The capabilities it may use.
    pub capabilities: BTreeSet<Capability>,
    /// Names of the origins it may talk to, where the user configured them for it;
    /// empty: all that the user configured for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Images it may start, `*` stands for anything; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    /// CPUs that a container of it has at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cpu: Option<f64>,
    /// Bytes of memory that a container of it has at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_memory: Option<u64>,
    /// Whether options of the engine that give a container power over this
    /// machine may be used with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub engine_flags: bool,
}

impl Grant {
    /// These capabilities, without limits.
    #[must_use]
    pub fn new(
        digest: Digest,
        name: String,
        version: Option<Version>,
        capabilities: impl IntoIterator<Item = Capability>,
    ) -> Self {
        Self {
            digest,
            name,
            version,
            capabilities: capabilities.into_iter().collect(),
            origins: Vec::new(),
            images: Vec::new(),
            max_cpu: None,
            max_memory: None,
            engine_flags: false,
        }
    }

    /// All that a provider wants, within the limits that it wishes itself.
    #[must_use]
    pub fn wished(about: &About, name: String) -> Self {
        let Limits { origins, images, max_cpu, max_memory } = Limits::wished(&about.manifest);
        let grant = Self::new(about.digest, name, about.version.clone(), about.capabilities());
        Self { origins, images, max_cpu, max_memory, ..grant }
    }

    /// What bounds it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            origins: self.origins.clone(),
            images: self.images.clone(),
            max_cpu: self.max_cpu,
            max_memory: self.max_memory,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    #[serde(default, rename = "grant")]
    grants: Vec<Grant>,
}

/// All grants of a user.
#[derive(Debug)]
pub struct GrantsFile {
    file: OwnFile,
    grants: Vec<Grant>,
}

impl GrantsFile {
    /// Reads the grants in the configuration directory `folder`.
    ///
    /// # Errors
    ///
    /// When they are not what we wrote, or others could have written them. That there are none is no error.
    pub fn of(folder: &Path) -> Result<Self, GrantsError> {
        let file = OwnFile::private(folder.join("grants.toml"));
        let grants = parse(&file, file.read()?)?;
        Ok(Self { file, grants })
    }

    /// What this file may do; none when nobody was asked yet.
    #[must_use]
    pub fn of_digest(&self, digest: &Digest) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.digest == *digest)
    }

    /// What the newest version of `name` that was asked for may do.
    #[must_use]
    pub fn of_name(&self, name: &str) -> Option<&Grant> {
        let of_name = self.grants.iter().filter(|grant| grant.name == name);
        of_name.max_by(|left, right| left.version.cmp(&right.version))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Grant] {
        &self.grants
    }

    /// Changes what one file may do, given what it may do at this moment: another
    /// program may have changed that. None is nothing.
    ///
    /// # Errors
    ///
    /// When it cannot be written; those of `change`, and then nothing was changed.
    pub fn change<E: From<GrantsError>>(
        &mut self,
        digest: &Digest,
        change: impl FnOnce(Option<Grant>) -> Result<Option<Grant>, E>,
    ) -> Result<Option<Grant>, E> {
        let locked = self.file.lock().map_err(GrantsError::from)?;
        let text = locked.read().map_err(GrantsError::from)?;
        let (before, mut grants): (Vec<Grant>, Vec<Grant>) =
            parse(&self.file, text)?.into_iter().partition(|grant| grant.digest == *digest);
        let after = change(before.into_iter().next_back())?;
        grants.extend(after.clone());
        grants.sort_by(|left, right| {
            (&left.name, &left.version, &left.digest).cmp(&(
                &right.name,
                &right.version,
                &right.digest,
            ))
        });
        let document = Document { version: FORMAT, grants };
        let text = toml::to_string(&document)
            .map_err(|error| GrantsError::from(self.file.malformed(error.to_string())))?;
        locked.write(&text).map_err(GrantsError::from)?;
        self.grants = document.grants;
        Ok(after)
    }
}

fn parse(file: &OwnFile, text: Option<String>) -> Result<Vec<Grant>, GrantsError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let malformed = |reason| GrantsError::Malformed { path: file.path().to_owned(), reason };
    let document: Document =
        toml::from_str(&text).map_err(|error| malformed(error.message().to_owned()))?;
    if document.version != FORMAT {
        return Err(malformed(format!("it has the unknown version {}", document.version)));
    }
    Ok(document.grants)
}
