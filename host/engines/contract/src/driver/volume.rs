//! Volumes of an engine.

use std::collections::BTreeMap;

/// A volume in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedVolume {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}
