//! `--format`.

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// For programs, versioned
    Json,
    /// The content of json, as YAML
    Yaml,
    /// Tab-separated, without a header
    Tsv,
    /// A few lines each
    Log,
}

impl Format {
    pub const ALL: [Self; 5] = [Self::Table, Self::Json, Self::Yaml, Self::Tsv, Self::Log];
}
