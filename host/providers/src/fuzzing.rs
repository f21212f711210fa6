//! Doors for `tests/fuzz`: files of providers, and what lies beside them.

use std::path::Path;

use crate::Manifest;
use crate::store::Installed;

/// The manifest of a provider, when it has one that can be.
///
/// # Errors
///
/// In words, what is wrong with it.
pub fn manifest(section: &[u8]) -> Result<Manifest, String> {
    let manifest = Manifest::parse(section)?;
    manifest.check("0.1.0")?;
    Ok(manifest)
}

/// Whether these bytes are the receipt of an installed provider.
#[must_use]
pub fn is_receipt(bytes: &[u8]) -> bool {
    Installed::read(Path::new("acme-slurm@1.0.0.json"), bytes).is_ok()
}
