//! Where an image is.

/// The answer of `find-image`. The original design's `true` is [`Self::Local`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
