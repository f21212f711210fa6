//! What is to become of an image, and what of it is built.

use std::collections::{BTreeMap, BTreeSet};

/// When an image is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pull {
    /// Never: what the engine does not have is absent, and no registry is asked.
    Never,
    /// When the engine does not have it.
    #[default]
    Missing,
    /// Even when the engine has it.
    Always,
}

/// What the user said about images, beside their names.
#[derive(Debug, Clone, Default)]
pub struct ImageOptions {
    /// When an image is pulled.
    pub pull: Pull,
    pub arguments: BTreeMap<String, String>,
    /// The stage that is built; none: the last one.
    pub target: Option<String>,
    /// What steps may read while they run, by name.
    pub secrets: BTreeMap<String, BuildSecret>,
    /// The Dockerfile in the project.
    pub descriptor: Option<String>,
    /// The images that it begins from.
    pub bases: BTreeSet<String>,
    /// The digest of what an image that is built now is built from.
    pub built_from: Option<String>,
    /// An image that no registry has, because it is only ever built here.
    pub only_here: Option<String>,
}

/// What a step may read while it runs, and no image keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildSecret(pub Vec<u8>);

impl std::fmt::Debug for BuildSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuildSecret(***)")
    }
}

/// What is to be built; what of, is a [`Context`](crate::Context).
pub struct Recipe {
    /// The Dockerfile in the context.
    pub dockerfile: String,
    /// The name of the result.
    pub image: String,
    pub labels: BTreeMap<String, String>,
    pub arguments: BTreeMap<String, String>,
    /// The stage that is built; none: the last one.
    pub target: Option<String>,
    /// What steps may read while they run, by name.
    pub secrets: BTreeMap<String, BuildSecret>,
    /// Whether the builder is to leave the Dockerfile out of what is copied, which only
    /// the classic one does of an archive.
    pub hides_descriptor: bool,
    /// Whether the images it begins from are looked for anew.
    pub refresh: bool,
}
