//! Where images come from: files that an archive or a folder has under names, and in two
//! formats that say which of them are an image.

mod archive;
mod docker;
mod folder;
mod found;
mod layout;

use std::io::{self, Read};
use std::path::Path;

use crate::error::StoreError;
use crate::limits::Limits;

use found::document;
pub(crate) use found::{Files, Found, Stored};

/// Opens an archive or a folder that the user named.
pub(crate) fn at(path: &Path, shown: &str, limits: &Limits) -> Result<Box<dyn Files>, StoreError> {
    let unreadable = |error: &io::Error| StoreError::Unreadable {
        source_name: crate::domain::sanitize(shown),
        reason: error.to_string(),
        missing: error.kind() == io::ErrorKind::NotFound,
    };
    if path.is_dir() {
        return Ok(Box::new(folder::Folder::at(path)?));
    }
    let file = crate::files::open(path).map_err(|error| unreadable(&error))?;
    Ok(Box::new(archive::Archive::of(file, shown, limits)?))
}

/// Opens what comes as a stream: it is kept in a temporary file first.
pub(crate) fn stream(
    input: impl Read,
    shown: &str,
    limits: &Limits,
) -> Result<Box<dyn Files>, StoreError> {
    let file = archive::spooled(input, shown, limits)?;
    Ok(Box::new(archive::Archive::of(file, shown, limits)?))
}

/// The images in a source, for this computer.
pub(crate) fn images(
    files: &dyn Files,
    shown: &str,
    limits: &Limits,
) -> Result<Vec<Found>, StoreError> {
    if let Some(manifest) = document(files, docker::MANIFEST, shown)? {
        return docker::images(files, &manifest, shown, limits);
    }
    match document(files, layout::INDEX, shown)? {
        Some(index) => layout::images(files, &index, shown, limits),
        None => {
            let reason = format!(
                "it has neither `{}`, as `docker save` writes it, nor `{}` of an OCI layout",
                docker::MANIFEST,
                layout::INDEX
            );
            Err(StoreError::no_image(shown, reason))
        }
    }
}
