//! What images are called here: one file, changed under its lock.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::domain::Digest;
use crate::error::StoreError;
use crate::files::OwnFile;
use crate::registry::ImageReference;

const VERSION: u32 = 1;

/// The names of images.
pub(super) struct Names(OwnFile);

#[derive(Debug, Serialize, Deserialize)]
struct Document {
    version: u32,
    /// A whole name, with registry and tag or digest → the image.
    names: BTreeMap<String, Digest>,
}

impl Names {
    pub(super) fn of(store: &Path) -> Self {
        Self(OwnFile::private(store.join("names.json")))
    }

    /// All of them.
    pub(super) fn all(&self) -> Result<BTreeMap<String, Digest>, StoreError> {
        self.understood(self.0.read()?)
    }

    /// What is called so.
    pub(super) fn find(&self, name: &ImageReference) -> Result<Option<Digest>, StoreError> {
        let name = name.place()?.to_string();
        Ok(self.all()?.get(&name).copied())
    }

    /// Gives an image names, in place of another one that had them.
    pub(super) fn set(&self, names: &[String], digest: Digest) -> Result<(), StoreError> {
        self.change(|all| {
            for name in names {
                all.insert(name.clone(), digest);
            }
        })
    }

    /// Takes an image's names away.
    pub(super) fn remove(&self, digest: &Digest) -> Result<(), StoreError> {
        self.change(|all| all.retain(|_, known| known != digest))
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Digest>)) -> Result<(), StoreError> {
        let locked = self.0.lock()?;
        let mut names = self.understood(locked.read()?)?;
        let before = names.clone();
        change(&mut names);
        if names == before {
            return Ok(());
        }
        let document = Document { version: VERSION, names };
        let text = serde_json::to_string_pretty(&document)
            .map_err(|error| self.0.malformed(error.to_string()))?;
        Ok(locked.write(&text)?)
    }

    fn understood(&self, text: Option<String>) -> Result<BTreeMap<String, Digest>, StoreError> {
        let Some(text) = text else { return Ok(BTreeMap::new()) };
        let document: Document =
            serde_json::from_str(&text).map_err(|error| self.0.malformed(error.to_string()))?;
        match document.version {
            VERSION => Ok(document.names),
            other => Err(self.0.malformed(format!("it has version {other}")).into()),
        }
    }
}
