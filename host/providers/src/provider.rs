//! A provider as lists and the command line see it: of one that is installed, its
//! receipt says everything, and its file is only read to be run.

use std::path::Path;

use semver::Version;

use super::error::ProvidersError;
use super::manifest::Manifest;
use super::provider_file::ProviderFile;
use super::signing;
use super::store::{Installed, Store};
use crate::domain::{Digest, Identity};
use crate::files::directories::NoHome;
use crate::sandbox::Capability;

/// A provider of which at most the receipt was read.
#[derive(Debug)]
pub enum Provider {
    /// Installed by the user.
    Installed(Box<Installed>),
    File(Box<ProviderFile>),
}

impl Provider {
    /// How it is named in messages: what the user typed.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Installed(receipt) => receipt.name.to_string(),
            Self::File(file) => file.shown(),
        }
    }

    /// What its sessions are bound to, see [`ProviderFile::identity`].
    #[must_use]
    pub fn identity(&self) -> Identity {
        match self {
            Self::Installed(receipt) => Identity::named(receipt.name.as_str()),
            Self::File(file) => file.identity.clone(),
        }
    }

    /// The digest of its file.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Installed(receipt) => receipt.about.digest,
            Self::File(file) => file.digest(),
        }
    }

    /// Its version, when it says one.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        match self {
            Self::Installed(receipt) => Some(receipt.version.clone()),
            Self::File(file) => file.version(),
        }
    }

    /// Options, configuration, wishes.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        match self {
            Self::Installed(receipt) => &receipt.about.manifest,
            Self::File(file) => &file.manifest,
        }
    }

    /// The capabilities it imports.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        match self {
            Self::Installed(receipt) => receipt.about.capabilities(),
            Self::File(file) => file.sections.capabilities(),
        }
    }

    /// The provider itself, with its file. `configuration` is where the user's
    /// keys are: one that is trusted only now may have signed other bytes.
    pub(super) fn load(
        self,
        store: Option<&Store>,
        configuration: Option<&Path>,
    ) -> Result<ProviderFile, ProvidersError> {
        match self {
            Self::File(file) => Ok(*file),
            Self::Installed(receipt) => {
                let store = store.ok_or_else(|| ProvidersError::NoHome(NoHome::reason()))?;
                let bytes = store.bytes(&receipt)?;
                let signature = store.signature(&receipt)?;
                if let Some(signer) = receipt.signer.as_ref().filter(|_| signature.is_none()) {
                    return Err(store.without_signature(&receipt, signer).into());
                }
                let verdict = signing::verify_at_load(
                    receipt.name.as_str(),
                    &bytes,
                    signature.as_deref(),
                    configuration,
                    receipt.signer.as_deref(),
                )?;
                ProviderFile::installed(*receipt, bytes, verdict)
            }
        }
    }
}

impl From<ProviderFile> for Provider {
    fn from(file: ProviderFile) -> Self {
        Self::File(Box::new(file))
    }
}
