//! What a provider looks like in a registry: media types, config, annotations.
//!
//! The same as `wkg oci push` writes: CNCF TAG Runtime, "Wasm OCI Artifact
//! layout" (<https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/>).

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::error::RegistryError;

/// The manifest's config.
pub(super) const CONFIG: &str = "application/vnd.wasm.config.v0+json";
pub(super) const LAYER: &str = "application/wasm";
/// A minisign signature, attached to a provider's manifest.
pub(super) const SIGNATURE: &str = "application/vnd.renku.provider.signature.minisign.v1";
/// The config of an artifact that has none (OCI image specification, "Guidance
/// for an Empty Descriptor").
pub(super) const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// An image manifest.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The annotation of a layer that holds the name of its file.
pub(super) const TITLE: &str = "org.opencontainers.image.title";

/// A manifest as it is sent.
///
/// # Errors
///
/// Never: its keys are texts.
pub(super) fn written(shown: &str, manifest: &impl Serialize) -> Result<Vec<u8>, RegistryError> {
    serde_json::to_vec(manifest).map_err(|error| RegistryError::NotAProvider {
        reference: shown.to_owned(),
        reason: error.to_string(),
    })
}

/// A provider on its way to a registry.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Its name, without a namespace.
    pub name: String,
    pub bytes: Vec<u8>,
    /// The interfaces it imports.
    pub imports: Vec<String>,
    /// The interfaces it exports.
    pub exports: Vec<String>,
    /// `version`, `description` and the like, by the short name that follows
    /// `org.opencontainers.image.`.
    pub annotations: BTreeMap<String, String>,
    /// Its signature, minisign's text.
    pub signature: Option<String>,
}

impl Artifact {
    /// The config of its manifest. It holds no time: the same provider gives the
    /// same manifest whenever it is pushed.
    pub(super) fn config(&self, layer: &str) -> Vec<u8> {
        json!({
            "created": "1970-01-01T00:00:00Z",
            "architecture": "wasm",
            "os": "wasip2",
            "layerDigests": [layer],
            "component": { "exports": self.exports, "imports": self.imports },
        })
        .to_string()
        .into_bytes()
    }

    pub(super) fn manifest_annotations(&self) -> BTreeMap<String, String> {
        let full = |name: &String| format!("org.opencontainers.image.{name}");
        self.annotations.iter().map(|(name, value)| (full(name), value.clone())).collect()
    }
}
