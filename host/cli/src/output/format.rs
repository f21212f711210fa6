//! `--format`.

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
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
    /// A few lines each
    Log,
}
