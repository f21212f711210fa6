//! An OCI layout (image-layout.md): `index.json` names manifests, and every file is called
//! by its digest.

use serde::Deserialize;

use super::found::{Files, Found, Stored, required};
use crate::domain::{Digest, sanitize};
use crate::error::StoreError;
use crate::fault::Fault;
use crate::limits::Limits;
use crate::registry::ImageReference;
use crate::registry::image_manifest::{AnyManifest, Blob, Platform};

pub(super) const INDEX: &str = "index.json";
const BLOBS: &str = "blobs/sha256/";
/// Images in one layout, and indexes in each other.
const IMAGES: usize = 256;
const NESTED: usize = 3;

/// Who calls an image what.
const NAMES: [&str; 2] = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];

/// The digest that a file is called by.
pub(super) fn digest_of(file: &str) -> Option<Digest> {
    format!("sha256:{}", file.strip_prefix(BLOBS)?).parse().ok()
}

fn file_of(digest: &Digest) -> String {
    format!("{BLOBS}{}", digest.hex())
}

pub(super) fn images(
    files: &dyn Files,
    index: &[u8],
    shown: &str,
    limits: &Limits,
) -> Result<Vec<Found>, StoreError> {
    #[derive(Deserialize)]
    struct Index {
        manifests: Vec<Blob>,
    }
    let index: Index = serde_json::from_slice(index).map_err(|error| {
        StoreError::no_image(shown, format!("its `{INDEX}` cannot be parsed: {error}"))
    })?;
    let mut found: Vec<Found> = Vec::new();
    let mut others = Vec::new();
    for blob in index.manifests.iter().take(IMAGES) {
        let Some(image) = image(files, blob, shown, limits, &mut others)? else { continue };
        match found.iter_mut().find(|known| known.digest == image.digest) {
            Some(known) => known.names.extend(image.names),
            None => found.push(image),
        }
    }
    if found.is_empty() {
        return Err(match others.is_empty() {
            true => StoreError::no_image(shown, format!("its `{INDEX}` names no image")),
            false => StoreError::OtherPlatform {
                source_name: sanitize(shown),
                ours: Platform::ours().to_string(),
                there: others,
            },
        });
    }
    Ok(found)
}

/// The image for this computer that a manifest or an index is; none when there is none, or
/// when it is something else, such as a signature.
fn image(
    files: &dyn Files,
    named: &Blob,
    shown: &str,
    limits: &Limits,
    others: &mut Vec<String>,
) -> Result<Option<Found>, StoreError> {
    let ours = Platform::ours();
    let mut blob = named.clone();
    for _ in 0..NESTED {
        if let Some(other) = blob.platform.as_ref().filter(|it| !ours.runs(it)) {
            others.push(other.to_string());
            return Ok(None);
        }
        let bytes = checked(files, &blob.digest, "a manifest", shown)?;
        let read = AnyManifest::read(&bytes);
        match read.map_err(|reason| StoreError::no_image(shown, reason))? {
            AnyManifest::Index(index) => match ours.choose(&index) {
                Some(chosen) => blob = chosen.clone(),
                None => {
                    others.extend(Platform::all(&index));
                    return Ok(None);
                }
            },
            AnyManifest::Image(image) if !is_image(&image.config.media_type) => return Ok(None),
            AnyManifest::Image(image) => {
                let config = checked(files, &image.config.digest, "a description", shown)?;
                let stored = |layer: &Blob| Stored {
                    file: file_of(&layer.digest),
                    digest: Some(layer.digest),
                };
                let layers = image.layers.iter().map(stored).collect();
                let found = Found::new(shown, config, layers, names(named), limits)?;
                return Ok(Some(found));
            }
        }
    }
    Err(StoreError::no_image(shown, "its indexes lead from one to the other without an end"))
}

fn is_image(media_type: &str) -> bool {
    matches!(
        media_type,
        "" | "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json"
    )
}

/// What an annotation calls it, when that is a whole name: some note a tag alone.
fn names(blob: &Blob) -> Vec<String> {
    let noted = NAMES.iter().filter_map(|key| blob.annotations.get(*key));
    let whole = |name: &&String| name.contains([':', '/']) && ImageReference::parse(name).is_ok();
    noted.filter(whole).take(1).cloned().collect()
}

fn checked(
    files: &dyn Files,
    promised: &Digest,
    what: &'static str,
    shown: &str,
) -> Result<Vec<u8>, StoreError> {
    let bytes = required(files, &file_of(promised), shown)?;
    let (promised, found) = (*promised, Digest::of(&bytes));
    match promised == found {
        true => Ok(bytes),
        false => Err(StoreError::of(shown, Fault::Digest { what, promised, found })),
    }
}
