//! What listens in a container.

/// A TCP port that something in a container listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    pub port: u16,
    /// Whether only the container itself reaches it.
    pub is_inside: bool,
}
