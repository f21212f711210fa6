//! One repository of one registry: how it is reached, and which versions it has.

use std::time::Duration;

use semver::{Version, VersionReq};

use super::error::RegistryError;
use super::login::Logins;
use super::purpose::Purpose;
use super::reference::{OciReference, Which};
use super::tags::Tags;
use super::wire::Wire;

/// How long a registry may say nothing.
const SILENCE: Duration = Duration::from_secs(60);

/// How many versions a message names.
const SHOWN: usize = 20;

/// A repository that can be read and written.
pub struct Registry {
    pub(super) wire: Wire,
    pub(super) place: OciReference,
}

impl Registry {
    /// Reaches the registry of `place` with the user's login for it. Only a
    /// registry on this machine may be without encryption.
    ///
    /// # Errors
    ///
    /// When it cannot be reached or refuses the login.
    pub async fn connect(
        place: &OciReference,
        logins: &dyn Logins,
        purpose: Purpose,
    ) -> Result<Self, RegistryError> {
        Self::connect_within(place, logins, purpose, SILENCE).await
    }

    /// The same, with a registry that may say nothing for as long as `silence`.
    ///
    /// # Errors
    ///
    /// As [`Self::connect`].
    pub async fn connect_within(
        place: &OciReference,
        logins: &dyn Logins,
        purpose: Purpose,
        silence: Duration,
    ) -> Result<Self, RegistryError> {
        let wire = Wire::new(place, true, logins, purpose, silence).await?;
        let wire = match wire.greet().await {
            Err(RegistryError::Unavailable { .. } | RegistryError::NotEncrypted { .. })
                if place.is_loopback() =>
            {
                let plain = Wire::new(place, false, logins, purpose, silence).await?;
                plain.greet().await?;
                plain
            }
            greeted => greeted.map(|()| wire)?,
        };
        Ok(Self { wire, place: place.clone() })
    }

    /// The versions that the repository has, ascending: tags that are semantic
    /// versions.
    ///
    /// # Errors
    ///
    /// When the registry does not say.
    pub async fn versions(&self) -> Result<Vec<Version>, RegistryError> {
        Ok(self.tags().await?.versions.into_keys().collect())
    }

    /// The tag or digest that `which` means now.
    ///
    /// # Errors
    ///
    /// When no version fits.
    pub(super) async fn resolve(&self, which: &Which) -> Result<Which, RegistryError> {
        let fits = |version: &Version| match which {
            Which::Range(range) => range.matches(version),
            Which::Version(wanted) => version == wanted,
            _ => version.pre.is_empty(),
        };
        if let Which::Tag(_) | Which::Digest(_) = which {
            return Ok(which.clone());
        }
        let tags = self.tags().await?;
        let newest = tags.versions.iter().rev().find(|(version, _)| fits(version));
        newest.map(|(_, tag)| Which::Tag(tag.clone())).ok_or_else(|| RegistryError::Missing {
            reference: self.place.with(which.clone()).to_string(),
            reason: there_is(&tags),
            instead: self.latest(&tags),
        })
    }

    /// Why there is no such tag, with what there is. `0.1` is meant as a range by many.
    pub(super) async fn no_such_tag(&self, tag: &str, error: RegistryError) -> RegistryError {
        let Ok(tags) = self.tags().await else { return error };
        let range = VersionReq::parse(&format!("^{tag}")).ok();
        let range = range.filter(|range| tags.versions.keys().any(|it| range.matches(it)));
        RegistryError::Missing {
            reference: self.place.with(Which::Tag(tag.to_owned())).to_string(),
            reason: there_is(&tags),
            instead: range.map(|range| {
                let place = self.place.with(Which::Range(range));
                format!("`oci://{place}` is the newest of its kind")
            }),
        }
    }

    /// The one tag of a repository without versions that everybody understands.
    fn latest(&self, tags: &Tags) -> Option<String> {
        let latest = tags.others.iter().find(|tag| *tag == "latest")?;
        let place = self.place.with(Which::Tag(latest.clone()));
        tags.versions.is_empty().then(|| format!("`oci://{place}` names what its author calls so"))
    }
}

/// What a repository has instead.
fn there_is(tags: &Tags) -> String {
    let versions: Vec<String> = tags.versions.keys().map(Version::to_string).collect();
    let newest = versions.get(versions.len().saturating_sub(SHOWN)..).unwrap_or_default();
    match (newest, tags.others.as_slice()) {
        ([], []) => "the repository has no versions".to_owned(),
        ([], others) => {
            format!("no tag of the repository is a version; its tags: {}", others.join(", "))
        }
        (newest, _) if newest.len() < versions.len() => {
            format!("the newest of {} versions there: {}", versions.len(), newest.join(", "))
        }
        (newest, _) => format!("the versions there: {}", newest.join(", ")),
    }
}
