//! What `docker save` writes: `manifest.json` names the description of each image, and
//! its layers.

use serde::Deserialize;

use super::found::{Files, Found, Stored, required};
use super::layout;
use crate::error::StoreError;
use crate::limits::Limits;

pub(super) const MANIFEST: &str = "manifest.json";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Vec<String>,
}

pub(super) fn images(
    files: &dyn Files,
    manifest: &[u8],
    shown: &str,
    limits: &Limits,
) -> Result<Vec<Found>, StoreError> {
    let items: Vec<Item> = serde_json::from_slice(manifest).map_err(|error| {
        StoreError::no_image(shown, format!("its `{MANIFEST}` cannot be parsed: {error}"))
    })?;
    if items.is_empty() {
        return Err(StoreError::no_image(shown, format!("its `{MANIFEST}` is empty")));
    }
    let image = |item: Item| {
        let config = required(files, &item.config, shown)?;
        // New versions call them by their digest, old ones do not.
        let stored = |file: String| Stored { digest: layout::digest_of(&file), file };
        let layers = item.layers.into_iter().map(stored).collect();
        Found::new(shown, config, layers, item.repo_tags.unwrap_or_default(), limits)
    };
    items.into_iter().map(image).collect()
}
