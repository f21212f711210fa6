//! What the table says of a function.

use super::permission::Permission;

/// A function of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name as the contract has it: `renku:session/containers.start`.
    pub name: &'static str,
    /// Whether it changes something outside of this program.
    pub effect: Effect,
    /// Who may call it, or who has it.
    pub access: Access,
}

/// What a call does to the world outside of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Reads,
    /// It may change something, and is withheld where nothing may be changed.
    Changes,
}

/// What a function needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: every provider may call it.
    Free,
    /// A permission of the user.
    Needs(Permission),
    /// The provider offers it; every provider must.
    Offered,
    /// The provider offers it when it has this ability.
    Ability(Ability),
}

/// What only some providers can do. Each is an interface that a provider may export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Pause and resume.
    Hibernation,
    Logs,
    /// More about sessions than all engines know.
    Details,
}

impl Ability {
    /// The interface that a provider with this ability exports.
    #[must_use]
    pub const fn interface(self) -> &'static str {
        match self {
            Self::Hibernation => "hibernation",
            Self::Logs => "logs",
            Self::Details => "details",
        }
    }
}

impl Function {
    /// Its interface and its name therein: `containers` and `start`.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &'static str) {
        let path = self.name.split_once('/').map_or(self.name, |(_, path)| path);
        path.split_once('.').unwrap_or((path, ""))
    }

    /// What a user must allow before it may be called; none when nothing.
    #[must_use]
    pub fn permission(&self) -> Option<Permission> {
        match self.access {
            Access::Needs(permission) => Some(permission),
            Access::Free | Access::Offered | Access::Ability(_) => None,
        }
    }
}
