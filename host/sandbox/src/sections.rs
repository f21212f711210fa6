//! What a file says about itself, read before anything is compiled or linked.
//!
//! Only the outermost sections are read: imports and exports of the component,
//! and its custom sections. Nested modules are skipped.

use std::collections::BTreeMap;

use wasmparser::{Encoding, Parser, Payload};

use super::error::SandboxError;
use super::functions::{self, Ability};
use super::grants::Capability;

/// The package of the contract.
const PACKAGE: &str = "renku:session/";

/// The API track this host speaks.
const SUPPORTED: &str = "0.1";

/// A component's imports, exports and metadata.
#[derive(Debug, Clone, Default)]
pub struct Sections {
    /// Names of imported interfaces, `package/interface@version`.
    pub imports: Vec<String>,
    /// Names of exported interfaces.
    pub exports: Vec<String>,
    /// Custom sections by name (the first of each).
    pub custom: BTreeMap<String, Vec<u8>>,
}

impl Sections {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// When the bytes are more than `limit`, or not a component.
    pub fn read(provider: &str, bytes: &[u8], limit: usize) -> Result<Self, SandboxError> {
        if bytes.len() > limit {
            let (provider, bytes) = (provider.into(), bytes.len());
            return Err(SandboxError::TooLarge { provider, bytes, limit });
        }
        let refuse =
            |reason: String| SandboxError::NotAComponent { provider: provider.into(), reason };
        if !bytes.starts_with(b"\0asm") {
            return Err(refuse("it is not WebAssembly".into()));
        }
        let mut sections = Self::default();
        let mut depth = 0usize;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(|error| refuse(error.message().into()))?;
            match payload {
                Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                    return Err(SandboxError::CoreModule { provider: provider.into() });
                }
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        let import = import.map_err(|error| refuse(error.message().into()))?;
                        sections.imports.push(import.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        let export = export.map_err(|error| refuse(error.message().into()))?;
                        sections.exports.push(export.name.name.to_owned());
                    }
                }
                Payload::CustomSection(section) if depth == 0 => {
                    sections
                        .custom
                        .entry(section.name().to_owned())
                        .or_insert_with(|| section.data().to_vec());
                }
                _ => {}
            }
        }
        Ok(sections)
    }

    /// Whether this is a provider of our track that imports only what the track
    /// has.
    ///
    /// # Errors
    ///
    /// Which of these it is not.
    pub fn check(&self, provider: &str) -> Result<(), SandboxError> {
        let Some(version) = self.exports.iter().find_map(|name| interface(name, "provider")) else {
            return Err(SandboxError::NotAProvider { provider: provider.into() });
        };
        if !in_track(version) {
            return Err(SandboxError::OtherApi {
                provider: provider.into(),
                found: track(version),
                supported: SUPPORTED,
            });
        }
        for import in &self.imports {
            let known = import.strip_prefix(PACKAGE).and_then(|rest| rest.split_once('@'));
            match known {
                Some((name, version)) if functions::is_importable(name) && in_track(version) => {}
                _ if import.starts_with("wasi:") => {
                    return Err(SandboxError::WasiImport {
                        provider: provider.into(),
                        import: import.clone(),
                    });
                }
                _ => {
                    return Err(SandboxError::UnknownImport {
                        provider: provider.into(),
                        import: import.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    /// The version of the contract that it was made for.
    #[must_use]
    pub fn api(&self) -> Option<&str> {
        self.exports.iter().find_map(|name| interface(name, "provider"))
    }

    /// The capabilities it imports, each once, in a fixed order.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        let mut found: Vec<Capability> = self
            .imports
            .iter()
            .filter_map(|import| {
                let name = import.strip_prefix(PACKAGE)?.split('@').next()?;
                Capability::of_interface(name)
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Whether it exports what this ability needs.
    #[must_use]
    pub fn provides(&self, ability: Ability) -> bool {
        let name = ability.interface();
        self.exports.iter().any(|export| interface(export, name).is_some_and(in_track))
    }
}

/// The version in `renku:session/<name>@<version>`.
fn interface<'a>(export: &'a str, name: &str) -> Option<&'a str> {
    export.strip_prefix(PACKAGE)?.strip_prefix(name)?.strip_prefix('@')
}

/// Whether a version belongs to the track we speak. In 0.x the minor number is
/// the track (semver).
fn in_track(version: &str) -> bool {
    track(version) == SUPPORTED
}

fn track(version: &str) -> String {
    match semver::Version::parse(version) {
        Ok(version) if version.major == 0 => format!("0.{}", version.minor),
        Ok(version) => version.major.to_string(),
        Err(_) => version.to_owned(),
    }
}
