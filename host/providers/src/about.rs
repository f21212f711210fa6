//! What a file says about itself, all of it: read when it is added, shown by
//! `info`, kept in its receipt.
//!
//! The sections are those of `wasm-metadata` (names of OCI annotations), and
//! `component-name` of the component model's binary format.

use std::collections::BTreeMap;
use std::path::Path;

use semver::Version;
use serde::{Deserialize, Serialize};
use wasmparser::component_types::ComponentEntityType;
use wasmparser::{BinaryReader, ComponentName, ComponentNameSectionReader, Validator};

use super::error::ProvidersError;
use super::manifest::Manifest;
use super::reason::quoted;
use super::size_limit::size_limit;
use super::sources::read_file;
use crate::domain::Digest;
use crate::domain::sanitize;
use crate::sandbox::{Capability, Function, SandboxError, Sections};

/// Everything a provider's file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    /// The digest of the file.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The version of the contract that it was built for.
    pub api: String,
    /// What it would like to be called.
    pub name: Option<String>,
    pub version: Option<Version>,
    /// The other texts: `description`, `authors`, `licenses`, `source`,
    /// `homepage`, `revision`; harmless for a terminal.
    pub texts: BTreeMap<String, String>,
    /// The capabilities it imports, and the functions it imports of each, also those
    /// of resources.
    pub imports: BTreeMap<Capability, Vec<String>>,
    /// Options, configuration, wishes.
    pub manifest: Manifest,
    /// The interfaces it imports and exports, as they are written in it.
    #[serde(default)]
    pub interfaces: Interfaces,
}

/// Names such as `renku:session/http@0.1.0`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Interfaces {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

/// The sections that are shown as they are.
const TEXTS: [&str; 6] = ["description", "authors", "licenses", "source", "homepage", "revision"];

impl About {
    /// Reads and validates a whole component. `shown` is what messages call it.
    ///
    /// # Errors
    ///
    /// When it is no valid component, no provider of our track, imports what
    /// does not exist, or has a manifest that cannot be.
    pub fn read(shown: &str, bytes: &[u8], limit: usize) -> Result<Self, ProvidersError> {
        let sections = Sections::read(shown, bytes, limit)?;
        sections.check(shown)?;
        let manifest = Manifest::of(shown, &sections)?;
        manifest.check(sections.api().unwrap_or_default()).map_err(|reason| {
            ProvidersError::Manifest { provider: shown.into(), reason: sanitize(&reason) }
        })?;
        let functions = functions(&sections, bytes)
            .map_err(|reason| SandboxError::NotAComponent { provider: shown.into(), reason })?;
        if let Some(import) = unknown(&sections, &functions) {
            return Err(SandboxError::UnknownImport { provider: shown.into(), import }.into());
        }
        let text = |section: &str| {
            let bytes = sections.custom.get(section)?;
            Some(sanitize(std::str::from_utf8(bytes).ok()?)).filter(|text| !text.is_empty())
        };
        Ok(Self {
            digest: Digest::of(bytes),
            size: bytes.len() as u64,
            api: sections.api().unwrap_or_default().to_owned(),
            name: sections.custom.get("component-name").and_then(|bytes| component_name(bytes)),
            version: text("version").and_then(|version| version.parse().ok()),
            texts: TEXTS
                .iter()
                .filter_map(|section| Some(((*section).to_owned(), text(section)?)))
                .collect(),
            imports: sections
                .capabilities()
                .into_iter()
                .map(|capability| {
                    (capability, functions.get(capability.as_str()).cloned().unwrap_or_default())
                })
                .collect(),
            manifest,
            interfaces: Interfaces {
                imports: sections.imports.iter().map(|name| sanitize(name)).collect(),
                exports: sections.exports.iter().map(|name| sanitize(name)).collect(),
            },
        })
    }

    /// Reads a file and what it says.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], and when the file cannot be read.
    pub fn of_file(path: &Path) -> Result<(Vec<u8>, Self), ProvidersError> {
        let limit = size_limit()?;
        let bytes = read_file(path, limit)?;
        let about = Self::read(&path.display().to_string(), &bytes, limit)?;
        Ok((bytes, about))
    }

    /// The capabilities it imports.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        self.imports.keys().copied().collect()
    }

    /// Its reasons for what it imports, one line each.
    pub(super) fn reasons(&self, of: impl Fn(Capability) -> bool) -> Vec<String> {
        let asked = self.capabilities().into_iter().filter(|it| *it != Capability::Prompt);
        asked
            .filter(|capability| of(*capability))
            .filter_map(|capability| {
                let reason = quoted(&self.manifest.wish(capability)?.reason)?;
                Some(format!("its reason for {}: {reason}", capability.as_str()))
            })
            .collect()
    }
}

/// The imported functions of every interface, by the interface's short name.
/// Validates everything on the way.
fn functions(sections: &Sections, bytes: &[u8]) -> Result<BTreeMap<String, Vec<String>>, String> {
    let types = Validator::new().validate_all(bytes).map_err(|error| error.message().to_owned())?;
    let types = types.as_ref();
    let mut found = BTreeMap::new();
    for import in &sections.imports {
        let item = types.component_item_for_import(import);
        let Some(ComponentEntityType::Instance(id)) = item.map(|item| item.ty) else { continue };
        let Some(instance) = types.get(id) else { continue };
        let functions = instance
            .exports
            .iter()
            .filter(|(_, item)| matches!(item.ty, ComponentEntityType::Func(_)))
            .map(|(name, _)| sanitize(name))
            .collect();
        found.insert(short_name(import).to_owned(), functions);
    }
    Ok(found)
}

/// The first imported function that is not in the table, as it is written in the file.
/// Such a provider is refused before anybody is asked about it: no question could say
/// what the function does.
fn unknown(sections: &Sections, functions: &BTreeMap<String, Vec<String>>) -> Option<String> {
    sections.imports.iter().find_map(|import| {
        let interface = short_name(import);
        let unknown = |name: &&String| Function::find(interface, name).is_none();
        let name = functions.get(interface)?.iter().find(unknown)?;
        Some(format!("{import}.{name}"))
    })
}

/// `containers` of `renku:session/containers@0.1.0`.
fn short_name(import: &str) -> &str {
    let name = import.split_once('/').map_or(import, |(_, name)| name);
    name.split_once('@').map_or(name, |(name, _)| name)
}

/// The name in the section `component-name`.
fn component_name(section: &[u8]) -> Option<String> {
    let reader = ComponentNameSectionReader::new(BinaryReader::new(section, 0));
    reader.into_iter().find_map(|subsection| match subsection {
        Ok(ComponentName::Component { name, .. }) => Some(sanitize(name)),
        _ => None,
    })
}
