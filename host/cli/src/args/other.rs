//! Commands that are not about sessions.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// A shell that completion is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// source <(renku completion bash)
    Bash,
    /// source <(renku completion zsh)
    Zsh,
    /// renku completion fish > ~/.config/fish/completions/renku.fish
    Fish,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder to write the pages to
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}
