//! From a source to an installed provider: fetched, read through and through,
//! given a name. Nothing of it runs, and nothing is allowed to it.

use std::path::Path;

use semver::Version;

use super::about::About;
use super::catalogue::is_bundled;
use super::error::ProvidersError;
use super::lock_file::Locked;
use super::name::{Name, Versions};
use super::signing::{self, TrustedKeys, Verdict};
use super::size_limit::size_limit;
use super::sources::{Access, Fetched, Source};
use super::store::{Installed, Store};
use crate::domain::Digest;
use crate::registry::artifacts::{OciReference, Which, version_of};
use crate::sandbox::Code;

/// Installs into one store.
pub struct Installer<'a> {
    pub store: &'a Store,
    /// What a fetch may use.
    pub access: Access<'a>,
    /// The keys that the user trusts.
    pub trusted: &'a TrustedKeys,
}

/// A provider that was fetched and checked, and is not installed yet.
#[derive(Debug)]
pub struct Installable {
    /// What its receipt will be.
    pub receipt: Installed,
    /// Who vouches for it.
    pub verdict: Verdict,
    signature: Option<String>,
    bytes: Vec<u8>,
}

impl Installer<'_> {
    /// Fetches a provider. It is called `name`, else as it says itself.
    ///
    /// # Errors
    ///
    /// When it cannot be fetched, is not a provider, has no version, or has a name
    /// that is no name or belongs to a bundled provider.
    pub async fn fetch(
        &self,
        source: &Source,
        versions: &Versions,
        name: Option<&Name>,
    ) -> Result<Installable, ProvidersError> {
        self.fetch_with(&self.access, source, versions, name).await
    }

    async fn fetch_with(
        &self,
        access: &Access<'_>,
        source: &Source,
        versions: &Versions,
        name: Option<&Name>,
    ) -> Result<Installable, ProvidersError> {
        let limit = size_limit()?;
        let Fetched { bytes, signatures, source, name: mirrored } =
            source.fetch(name, versions, access, limit).await?;
        let shown = source.to_string();
        let before = self.signer(name.or(mirrored.as_ref()))?;
        // Before anything of it is read.
        let (verdict, signature) =
            signing::verify_all(&shown, &bytes, signatures, self.trusted, before.as_deref())?;
        let about = About::read(&shown, &bytes, limit)?;
        let Some(version) = about.version.clone() else {
            return Err(ProvidersError::Unversioned { provider: shown });
        };
        if let Some(tag) = tag_of(&source).filter(|(_, named)| *named != version) {
            let (provider, tag) = (shown, tag.0);
            return Err(ProvidersError::OtherVersion { provider, tag, version });
        }
        if !versions.allow(&version) {
            let (wanted, there) = (versions.to_string(), vec![version]);
            return Err(ProvidersError::NoVersion { name: shown, wanted, there });
        }
        let name = match name.cloned().or(mirrored) {
            Some(name) => name,
            None => own_name(&shown, &about)?,
        };
        if is_bundled(&name) {
            return Err(ProvidersError::BundledName { name });
        }
        let mut receipt = Installed::new(name, version, source, about);
        receipt.signer = verdict.signer().map(str::to_owned);
        Ok(Installable { receipt, verdict, signature, bytes })
    }

    /// Who signed the newest version of this name that is installed.
    fn signer(&self, name: Option<&Name>) -> Result<Option<String>, ProvidersError> {
        let Some(name) = name else { return Ok(None) };
        let receipts = self.store.versions(name)?.receipts;
        Ok(receipts.into_iter().find_map(|receipt| receipt.signer))
    }

    /// Fetches exactly the provider that a lock names. `project` is the root of the project
    /// whose lock says where it is, if it does: nothing leads out of that.
    ///
    /// # Errors
    ///
    /// As [`Self::fetch`], or when something else is there now.
    pub async fn fetch_locked(
        &self,
        locked: &Locked,
        source: &Source,
        project: Option<&Path>,
    ) -> Result<Installable, ProvidersError> {
        let version = Versions::Exactly(locked.version.clone());
        let access = Access { project, ..self.access };
        let installable = self.fetch_with(&access, source, &version, Some(&locked.name)).await?;
        let found = installable.digest();
        if *found != locked.digest {
            return Err(ProvidersError::Drift {
                name: locked.name.clone(),
                version: locked.version.clone(),
                locked: Box::new(locked.digest),
                found: Box::new(*found),
            });
        }
        Ok(installable)
    }

    /// Installs it. `waiting` is called when another program changes the store
    /// just now.
    ///
    /// # Errors
    ///
    /// When the store does not take it.
    pub fn install(
        &self,
        installable: &Installable,
        waiting: impl FnOnce(),
    ) -> Result<(), ProvidersError> {
        Ok(self.store.add(
            &installable.receipt,
            &installable.bytes,
            installable.signature.as_deref(),
            waiting,
        )?)
    }

    /// What is installed under the installable's name.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn installed(&self, installable: &Installable) -> Result<Vec<Installed>, ProvidersError> {
        Ok(self.store.versions(&installable.receipt.name)?.receipts)
    }
}

impl Installable {
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.receipt.version
    }

    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.receipt.about.digest
    }

    #[must_use]
    pub fn code(&self) -> Code<'_> {
        Code { bytes: &self.bytes, digest: self.digest().bytes() }
    }
}

/// The tag that a provider of a registry was found under, and the version it stands for.
fn tag_of(source: &Source) -> Option<(String, Version)> {
    let Source::Oci(reference) = source else { return None };
    match reference.parse::<OciReference>().ok()?.which {
        Which::Tag(tag) => version_of(&tag).map(|version| (tag, version)),
        _ => None,
    }
}

fn own_name(shown: &str, about: &About) -> Result<Name, ProvidersError> {
    let Some(name) = &about.name else {
        return Err(ProvidersError::Unnamed {
            provider: shown.into(),
            reason: "it has no name".into(),
        });
    };
    name.parse().map_err(|reason| ProvidersError::Unnamed { provider: shown.into(), reason })
}
