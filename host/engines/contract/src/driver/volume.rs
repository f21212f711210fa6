//! Volumes of an engine.

use std::collections::BTreeMap;

/// A volume in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedVolume {
    pub name: String,
    pub labels: BTreeMap<String, String>,
}
