//! Whether and where a session can be reached, which follows from its network.

/// What a network means for ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Ports are published, as on every network of its own.
    #[default]
    Published,
    /// The network of the engine's host: a port inside is a port outside.
    Host,
    /// No network, or that of another container: nobody can be let in.
    Nowhere,
}

impl Reach {
    /// By the engine's `NetworkMode`.
    #[must_use]
    pub fn of(network: Option<&str>) -> Self {
        match network {
            Some("host") => Self::Host,
            Some("none") => Self::Nowhere,
            Some(network) if network.starts_with("container:") => Self::Nowhere,
            _ => Self::Published,
        }
    }
}
