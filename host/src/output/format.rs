//! How a result is printed.

use clap::ValueEnum;
use serde::Serialize;

/// The formats of `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// For programs, versioned
    Json,
    /// What json holds, as YAML
    Yaml,
    /// Tab-separated, without a header
    Tsv,
}

impl Format {
    /// A versioned document; none for the formats that are not documents.
    pub(super) fn document(self, value: &impl Serialize) -> Option<String> {
        match self {
            // Our own types have neither non-text keys nor foreign serialisers,
            // so there is nothing that could fail.
            Self::Json => serde_json::to_string_pretty(value).ok(),
            Self::Yaml => serde_yaml::to_string(value).ok().map(|text| text.trim_end().into()),
            Self::Table | Self::Tsv => None,
        }
    }
}
