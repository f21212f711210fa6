//! Files under names, and an image among them.

use std::io::{self, Read};

use crate::description::Description;
use crate::domain::Digest;
use crate::error::StoreError;
use crate::fault::Bound;
use crate::layer::Promised;
use crate::limits::{DOCUMENT_BYTES, Limits};
use crate::registry::image_manifest::Platform;

/// A file of a source that is read.
pub(crate) type Opened = Box<dyn Read + Send>;

/// Files that have names. No name leads anywhere else.
pub(crate) trait Files: Send + Sync {
    /// Opens a file; none when there is none.
    fn open(&self, name: &str) -> io::Result<Option<Opened>>;
}

/// A layer in a source.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) file: String,
    /// Of the bytes of the file, if known.
    pub(crate) digest: Option<Digest>,
}

/// An image that was found in a source.
#[derive(Debug)]
pub(crate) struct Found {
    /// Of what it says about itself: the same image has the same one wherever it is.
    pub(crate) digest: Digest,
    pub(crate) config: Vec<u8>,
    pub(crate) description: Description,
    pub(crate) layers: Vec<Stored>,
    /// What it is called there.
    pub(crate) names: Vec<String>,
}

impl Found {
    /// Reads what an image says about itself, and sees that it fits its layers and this
    /// computer.
    pub(crate) fn new(
        shown: &str,
        config: Vec<u8>,
        layers: Vec<Stored>,
        names: Vec<String>,
        limits: &Limits,
    ) -> Result<Self, StoreError> {
        let description = Description::read(&config);
        let description = description.map_err(|reason| StoreError::no_image(shown, reason))?;
        let ours = Platform::ours();
        if let Some(other) = description.platform.as_ref().filter(|it| !ours.runs(it)) {
            return Err(StoreError::OtherPlatform {
                source_name: crate::domain::sanitize(shown),
                ours: ours.to_string(),
                there: vec![other.to_string()],
            });
        }
        if layers.len() > limits.layers {
            return Err(StoreError::bound(shown, Bound::Layers(limits.layers)));
        }
        if layers.is_empty() || layers.len() != description.layers.len() {
            let (has, says) = (layers.len(), description.layers.len());
            let reason = format!("it has {has} layers, and its description has {says}");
            return Err(StoreError::no_image(shown, reason));
        }
        Ok(Self { digest: Digest::of(&config), config, description, layers, names })
    }

    /// What each layer must hash to.
    pub(crate) fn promised(&self) -> impl Iterator<Item = (&Stored, Promised)> {
        let both = self.layers.iter().zip(&self.description.layers);
        both.map(|(stored, unpacked)| {
            (stored, Promised { packed: stored.digest, unpacked: *unpacked })
        })
    }
}

/// A description among the files, bounded.
pub(super) fn document(
    files: &dyn Files,
    name: &str,
    shown: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let read = || {
        let Some(file) = files.open(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.take(DOCUMENT_BYTES + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > DOCUMENT_BYTES {
            true => Err(Bound::Document(DOCUMENT_BYTES).into()),
            false => Ok(Some(bytes)),
        }
    };
    read().map_err(|error| StoreError::reading(shown, error))
}

/// The same for one that must be there.
pub(super) fn required(files: &dyn Files, name: &str, shown: &str) -> Result<Vec<u8>, StoreError> {
    document(files, name, shown)?.ok_or_else(|| {
        let name = crate::domain::sanitize(name);
        StoreError::no_image(shown, format!("`{name}`, which it names, is not there"))
    })
}
