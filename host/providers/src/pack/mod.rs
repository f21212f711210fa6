//! Makes the one file that is a provider from what a compiler leaves: encoded,
//! described, with its manifest, and checked like any provider that is added.
//!
//! The same input gives the same bytes: nothing of the machine or the time goes in.

mod error;
mod metadata;

use std::path::Path;

use renku_session_package as package;
use wasmparser::{Parser, Payload};

pub use error::PackError;
pub use metadata::Metadata;

use super::about::About;
use super::catalogue::is_bundled;
use super::error::ProvidersError;
use super::manifest::SECTION;
use super::name::Name;
use crate::sandbox::limits::MOST_PACKAGE_BYTES;

/// A finished provider.
#[derive(Debug)]
pub struct Packed {
    /// What it is called.
    pub name: Name,
    pub bytes: Vec<u8>,
    /// What it says about itself.
    pub about: About,
}

/// Makes a provider of `input`, a core module that was made with the SDK or a
/// component, and of the text of its manifest.
///
/// # Errors
///
/// When it could not be a provider that anybody can use; says what to change.
pub fn pack(input: &Path, manifest: &Path, metadata: &Metadata) -> Result<Packed, PackError> {
    let shown = input.display().to_string();
    let bytes = super::sources::read_file(input, MOST_PACKAGE_BYTES)?;
    let text = std::fs::read_to_string(manifest)
        .map_err(|source| PackError::NoManifest { path: manifest.into(), source })?;
    let name: Name = metadata.name()?.parse().map_err(|reason| ProvidersError::Name { reason })?;
    if is_bundled(&name) {
        return Err(ProvidersError::BundledName { name }.into());
    }
    let about = package::About {
        name: name.to_string(),
        version: metadata.version()?.to_string(),
        description: metadata.description.clone(),
        authors: metadata.authors.clone(),
        license: metadata.license.clone(),
        repository: metadata.repository.clone(),
    };
    let component = component(&shown, bytes)?;
    let described = package::describe(&component, &about)
        .map_err(|error| PackError::Metadata { reason: format!("{error:#}") })?;
    let bad_manifest = |reason: String| PackError::Manifest { path: manifest.into(), reason };
    let packed =
        package::attach(&described, &text).map_err(|error| bad_manifest(format!("{error:#}")))?;
    let about = About::read(&shown, &packed, MOST_PACKAGE_BYTES).map_err(|error| match error {
        ProvidersError::Manifest { reason, .. } => bad_manifest(reason),
        other => other.into(),
    })?;
    Ok(Packed { name, bytes: packed, about })
}

/// The component that `bytes` are, or become when they are encoded.
fn component(shown: &str, bytes: Vec<u8>) -> Result<Vec<u8>, PackError> {
    let file = || shown.to_owned();
    if Parser::is_component(&bytes) {
        let is_packed = top_sections(&bytes).any(|name| name == SECTION);
        return if is_packed { Err(PackError::PackedAlready { file: file() }) } else { Ok(bytes) };
    }
    if !Parser::is_core_wasm(&bytes) {
        return Err(PackError::NotWasm { file: file() });
    }
    if let Some(import) = wasi_import(&bytes) {
        return Err(PackError::Wasi { file: file(), import });
    }
    if !top_sections(&bytes).any(|name| name.starts_with("component-type")) {
        return Err(PackError::NoWorld { file: file() });
    }
    package::component(&bytes)
        .map_err(|error| PackError::Encode { file: file(), reason: format!("{error:#}") })
}

/// The names of the custom sections of the outermost level; what is damaged is
/// found by whoever parses all of it.
fn top_sections(bytes: &[u8]) -> impl Iterator<Item = String> {
    let mut depth = 0_u32;
    Parser::new(0).parse_all(bytes).map_while(Result::ok).filter_map(move |payload| {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 => {
                return Some(section.name().to_owned());
            }
            _ => {}
        }
        None
    })
}

/// An import of a core module that only an operating system could answer.
fn wasi_import(module: &[u8]) -> Option<String> {
    Parser::new(0).parse_all(module).map_while(Result::ok).find_map(|payload| match payload {
        Payload::ImportSection(section) => section
            .into_imports()
            .map_while(Result::ok)
            .map(|import| import.module.to_owned())
            .find(|module| module.starts_with("wasi")),
        _ => None,
    })
}
