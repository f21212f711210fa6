//! Which interfaces a component may be linked with.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// An interface that reaches outside the sandbox and has to be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    Containers,
    Http,
    Prompt,
    Repository,
}

impl Capability {
    pub const ALL: [Self; 4] = [Self::Containers, Self::Http, Self::Prompt, Self::Repository];

    /// The capability behind an interface name of the contract; none for the
    /// interfaces that are always granted.
    #[must_use]
    pub fn of_interface(interface: &str) -> Option<Self> {
        match interface {
            "containers" => Some(Self::Containers),
            "http" => Some(Self::Http),
            "prompt" => Some(Self::Prompt),
            "repository" => Some(Self::Repository),
            _ => None,
        }
    }

    /// Its name in grants and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Containers => "containers",
            Self::Http => "http",
            Self::Prompt => "prompt",
            Self::Repository => "repository",
        }
    }
}

/// What a component is linked with. A capability that is in neither set is
/// absent, and a component that needs it does not load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    allowed: BTreeSet<Capability>,
    refused: BTreeSet<Capability>,
}

impl Grants {
    #[must_use]
    pub fn only(capabilities: impl IntoIterator<Item = Capability>) -> Self {
        Self { allowed: capabilities.into_iter().collect(), refused: BTreeSet::new() }
    }

    /// And these as stubs: every call of them answers `denied`.
    #[must_use]
    pub fn refusing(mut self, capabilities: impl IntoIterator<Item = Capability>) -> Self {
        self.refused = capabilities.into_iter().filter(|it| !self.allowed.contains(it)).collect();
        self
    }

    /// Whether this one is granted.
    #[must_use]
    pub fn allows(&self, capability: Capability) -> bool {
        self.allowed.contains(&capability)
    }

    /// Whether this one is there and answers `denied`.
    #[must_use]
    pub fn refuses(&self, capability: Capability) -> bool {
        self.refused.contains(&capability)
    }
}
