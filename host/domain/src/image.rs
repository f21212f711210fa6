//! Where an image is.

use serde::Serialize;

/// The answer of `find-image`. The original design's `true` is [`Self::Local`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageState {
    /// The engine has it.
    Local,
    /// A registry has it and it can be pulled.
    Remote,
    /// Nobody has it.
    Absent,
    /// It may exist, but may not be read with the credentials at hand.
    Inaccessible,
}

impl ImageState {
    /// The word for it in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
            Self::Absent => "absent",
            Self::Inaccessible => "inaccessible",
        }
    }
}
