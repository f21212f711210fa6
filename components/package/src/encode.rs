//! From a core module to a component that says what it is.

use anyhow::{Context as _, Result};
use wasm_encoder::{Component, RawSection};
use wasm_metadata::{
    AddMetadata, AddMetadataField, Authors, Description, Licenses, Source, Version,
};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

/// What the metadata of a provider says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub name: String,
    pub version: String,
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
/// (`org.opencontainers.image.*` under their short names), in place of those that a
/// compiler left.
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
    let mut replaced = vec!["version"];
    replaced.extend(from.description.as_ref().map(|_| "description"));
    replaced.extend((!from.authors.is_empty()).then_some("authors"));
    replaced.extend(from.license.as_ref().map(|_| "licenses"));
    replaced.extend(from.repository.as_ref().map(|_| "source"));
    metadata.to_wasm(&without(component, &replaced)?)
}

/// `component` without its own custom sections of these names; what is nested in it
/// stays as it is.
fn without(component: &[u8], names: &[&str]) -> Result<Vec<u8>> {
    let mut kept = Component::new();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        let is_named = matches!(&payload, Payload::CustomSection(it) if names.contains(&it.name()));
        if depth == 0
            && !is_named
            && let Some((id, range)) = payload.as_section()
        {
            let data = component.get(range).context("a section goes past the end of the file")?;
            kept.section(&RawSection { id, data });
        }
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(kept.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_compiler_said_is_replaced_and_nothing_else_changes() {
        let about = |version: &str| About {
            name: "a".to_owned(),
            version: version.to_owned(),
            description: Some("x".to_owned()),
            ..About::default()
        };
        let empty = Component::new().finish();
        let once = describe(&empty, &about("1.0.0")).unwrap();
        let other = describe(&once, &about("2.0.0")).unwrap();
        assert_eq!(other.len(), once.len());
        assert_eq!(describe(&other, &about("1.0.0")).unwrap(), once);
    }
}
