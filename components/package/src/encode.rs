//! From a core module to a component that says what it is.

use anyhow::Result;
use wasm_metadata::{
    AddMetadata, AddMetadataField, Authors, Description, Licenses, Source, Version,
};
use wit_component::ComponentEncoder;

/// What the metadata of a provider says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub description: Option<String>,
    /// Who made it.
    pub authors: Vec<String>,
    /// SPDX license expression.
    pub license: Option<String>,
    /// URL of the sources.
    pub repository: Option<String>,
}

/// Encodes and validates a core module made with `wit-bindgen`. Interfaces and
/// functions that it does not use are not among the component's imports.
///
/// # Errors
///
/// When it is not a core module with the description of a world.
pub fn component(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default().validate(true).module(module)?.encode()
}

/// Adds the name and the sections that OCI tools read
/// (`org.opencontainers.image.*` under their short names).
///
/// # Errors
///
/// When the licence is not an SPDX expression or the source not a URL.
pub fn describe(component: &[u8], from: &About) -> Result<Vec<u8>> {
    let mut metadata = AddMetadata::default();
    metadata.name = AddMetadataField::Set(from.name.clone());
    metadata.version = AddMetadataField::Set(Version::new(from.version.clone()));
    if let Some(description) = &from.description {
        metadata.description = AddMetadataField::Set(Description::new(description.clone()));
    }
    if !from.authors.is_empty() {
        metadata.authors = AddMetadataField::Set(Authors::new(from.authors.join(", ")));
    }
    if let Some(license) = &from.license {
        metadata.licenses = AddMetadataField::Set(Licenses::new(license)?);
    }
    if let Some(repository) = &from.repository {
        metadata.source = AddMetadataField::Set(Source::new(repository)?);
    }
    metadata.to_wasm(component)
}
