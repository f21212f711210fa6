//! Providers by name: what is bundled, what a path names, and what each says
//! about itself in its manifest.

mod bundled;
mod error;
mod manifest;
mod package;

pub use error::ProvidersError;
pub use manifest::{Manifest, OptionSpec, Wish};
pub use package::{Origin, Package};

/// The provider of `start` when nobody names one.
pub const DEFAULT: &str = "docker";

/// The names that `-p` knows, in the order they are asked.
#[must_use]
pub fn known() -> Vec<&'static str> {
    bundled::all().map(|bundled| bundled.name).collect()
}

/// Whether `name` is a path: it has a separator or ends in `.wasm`.
#[must_use]
pub fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name.ends_with(".wasm")
}

/// The provider that `name` means: a file when it is a path, else a bundled one.
///
/// # Errors
///
/// When there is none, or its file is no provider.
pub fn find(name: &str) -> Result<Package, ProvidersError> {
    if is_path(name) {
        return Package::from_file(name.as_ref());
    }
    match bundled::all().find(|bundled| bundled.name == name) {
        Some(bundled) => Package::bundled(bundled.name, bundled.bytes, bundled.digest),
        None => Err(ProvidersError::Unknown {
            name: name.into(),
            known: known().into_iter().map(Into::into).collect(),
        }),
    }
}

/// Every provider that is asked when none is named, in order.
///
/// # Errors
///
/// When a provider is broken.
pub fn every() -> Result<Vec<Package>, ProvidersError> {
    bundled::all()
        .map(|bundled| Package::bundled(bundled.name, bundled.bytes, bundled.digest))
        .collect()
}
