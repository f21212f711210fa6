//! Images of an engine.

use std::collections::BTreeMap;

use crate::ImageConfig;
use crate::registry::ImageReference;

/// An image by its name, which was checked.
#[derive(Debug, Clone, Copy)]
pub struct NamedImage<'a> {
    /// As it was typed.
    pub name: &'a str,
    /// The same, understood.
    pub reference: &'a ImageReference,
}

/// An image that an engine has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LocalImage {
    pub id: String,
    pub names: Vec<String>,
    /// What it says about itself.
    pub config: ImageConfig,
    /// ONBUILD: what is done first where an image is built from it.
    pub triggers: Vec<String>,
}

impl LocalImage {
    /// Whether it has all of these labels.
    #[must_use]
    pub fn has_labels(&self, labels: &BTreeMap<String, String>) -> bool {
        labels.iter().all(|(label, value)| self.config.labels.get(label) == Some(value))
    }
}

/// An image in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedImage {
    pub id: String,
    pub names: Vec<String>,
    pub labels: BTreeMap<String, String>,
    /// When it was made, in seconds since 1970.
    pub created: i64,
}
