//! Images that were built of a project.

/// How the engine's images relate to what a project's image would be built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnImage {
    /// It is there under its name, and is made of that.
    Here,
    /// It was there under another name, and has this one now.
    Renamed,
    /// An image of this name is there, but made of something else.
    Other,
    /// An image of this name is there, and does not say what it is made of.
    Unknown,
    /// There is none.
    Missing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectImage {
    /// The names that it has as the project's, ascending; its short id when it has
    /// no name at all.
    pub names: Vec<String>,
    /// The digest of what it was built from.
    pub built_from: String,
    /// Whether a container, running or not, was made from it.
    pub in_use: bool,
    /// Whether its user gave it another name, or made an image from it.
    pub shared: bool,
}
