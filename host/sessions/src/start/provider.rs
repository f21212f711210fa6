//! The provider of a start, and what was typed for it.

use std::collections::BTreeMap;

use crate::contract::EngineOption;
use crate::domain::quoted;
use crate::project::Level;
use crate::providers::{FoundAt, ProviderFile};

/// The provider of a start, and what was typed for its own options.
pub struct StartProvider {
    pub file: ProviderFile,
    /// What was typed after `-p`, for `-v`; none: it comes from the settings.
    pub named: Option<String>,
    /// Whether nobody chose it, and it takes the place of the usual one, for which this
    /// computer has no engine.
    pub is_way_out: bool,
    /// Values of its own options.
    pub options: BTreeMap<String, String>,
    /// Options of the engine, as they were typed, in the order of the table.
    pub engine: Vec<TypedOption>,
    /// Who gave each option of `start` its value, for those that have one: the
    /// command line or the environment.
    pub levels: BTreeMap<String, Level>,
}

impl StartProvider {
    /// With nothing but the defaults.
    #[must_use]
    pub fn new(file: ProviderFile) -> Self {
        Self {
            file,
            named: None,
            is_way_out: false,
            options: BTreeMap::new(),
            engine: Vec::new(),
            levels: BTreeMap::new(),
        }
    }

    /// What a user must add to reach sessions of this provider: nothing for those
    /// that are known by name.
    pub(crate) fn option(&self) -> String {
        match &self.file.found_at {
            FoundAt::File(path) => format!(" -p {}", quoted(path)),
            _ => String::new(),
        }
    }
}

/// An option of the engine, as it was typed.
pub struct TypedOption {
    pub option: &'static EngineOption,
    pub value: String,
    /// The variable that it comes from.
    pub variable: Option<String>,
}
