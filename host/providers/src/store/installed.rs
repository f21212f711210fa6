//! What is remembered of an installed provider: enough for lists, for the command
//! line and for locks, so that its `.wasm` is only read to be run.

use std::path::Path;

use semver::Version;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::about::About;
use crate::name::Name;
use crate::sources::Source;

/// The version of this format.
const FORMAT: u32 = 1;

/// One installed version of a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Installed {
    receipt: u32,
    /// The name it was installed under.
    pub name: Name,
    pub version: Version,
    /// Where it came from.
    pub source: Source,
    /// Who signed it; none: nobody.
    pub signer: Option<String>,
    /// What the file says.
    pub about: About,
}

impl Installed {
    /// For a file that was just fetched.
    #[must_use]
    pub fn new(name: Name, version: Version, source: Source, about: About) -> Self {
        Self { receipt: FORMAT, name, version, source, signer: None, about }
    }

    /// Reads one, and checks that it is the one its file name says.
    pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = |reason: String| StoreError::Receipt { path: path.into(), reason };
        let receipt: Self =
            serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        if receipt.receipt != FORMAT {
            return Err(damaged(format!("it has the unknown format {}", receipt.receipt)));
        }
        if path.file_name().is_none_or(|file| file != receipt.file_name().as_str()) {
            return Err(damaged(format!("it is about {}@{}", receipt.name, receipt.version)));
        }
        Ok(receipt)
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        // Only strings are keys here, and no number is infinite.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}@{}.json", self.name.file_stem(), self.version)
    }
}
