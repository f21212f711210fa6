//! The provider of `start`, as the command line names it.

use std::collections::BTreeMap;

use crate::contract::EngineOption;
use crate::domain::quoted;
use crate::project::Level;
use crate::providers::{FoundAt, ProviderFile};

/// The provider of `start`, and what was typed for its own options.
pub(super) struct StartProvider {
    pub(super) package: ProviderFile,
    pub(super) options: BTreeMap<String, String>,
    /// Options of the engine, as they were typed.
    pub(super) engine: Typed,
    /// Who gave each option of `start` its value, for those that have one: the
    /// command line or the environment.
    pub(super) levels: BTreeMap<String, Level>,
}

impl StartProvider {
    /// What a user must add to reach sessions of this provider: nothing for those
    /// that are known by name.
    pub(super) fn option(&self) -> String {
        match &self.package.found_at {
            FoundAt::File(path) => format!(" -p {}", quoted(path)),
            _ => String::new(),
        }
    }
}

/// What was typed for the engine: options with their values, in the order of the table.
pub(super) type Typed = Vec<TypedOption>;

/// One of them.
pub(super) struct TypedOption {
    pub(super) option: &'static EngineOption,
    pub(super) value: String,
    /// The variable that it comes from.
    pub(super) variable: Option<String>,
}
