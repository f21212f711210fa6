//! Which engine serves a provider: data of its manifest, never of its name.

use serde::{Deserialize, Serialize};

/// A kind of engine. One that is added gets a row here and one where the program
/// chooses among its engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineKind {
    /// The container engine that the user has set up, with a daemon or a service.
    #[default]
    Daemon,
    /// Programs of this computer that need no daemon and no rights.
    Rootless,
}

impl EngineKind {
    /// Whether nobody has to say so.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
