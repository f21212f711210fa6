//! What a permission can be bounded by: as a manifest wishes it, and as it was
//! granted.

use super::manifest::Manifest;
use crate::domain::parse_size;
use crate::sandbox::Capability;

/// Bounds of `http` and `containers`. The default bounds nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// Names of origins; empty: all that are configured for the provider.
    pub origins: Vec<String>,
    /// Images, `*` stands for anything; empty: all.
    pub images: Vec<String>,
    /// CPUs of one container.
    pub max_cpu: Option<f64>,
    /// Bytes of memory of one container.
    pub max_memory: Option<u64>,
}

impl Limits {
    /// Those that a provider is content with.
    #[must_use]
    pub fn wished(manifest: &Manifest) -> Self {
        let http = manifest.wish(Capability::Http);
        let containers = manifest.wish(Capability::Containers);
        let memory = containers.and_then(|wish| wish.max_memory.as_deref());
        Self {
            origins: http.map(|wish| wish.origins.clone()).unwrap_or_default(),
            images: containers.map(|wish| wish.images.clone()).unwrap_or_default(),
            max_cpu: containers.and_then(|wish| wish.max_cpu),
            // What is no size was refused when the manifest was read.
            max_memory: memory.and_then(|text| parse_size(text).ok()),
        }
    }
}
