//! Options of `renku config`.

use clap::{Args, Subcommand};

use super::common::PrintArgs;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ConfigCommand {
    /// Show every setting, its value, and who set it
    #[command(name = "list", visible_alias = "ls")]
    List(ConfigListArgs),
    /// Print the value that applies
    Get(ConfigGetArgs),
    /// Set a value in this project, or with `--global` for all your projects
    ///
    /// Writes `.renku/renku.ini` of the project, section `[interactive]`; commit
    /// it yourself to share it. With `--global` it is your own file.
    Set(ConfigSetArgs),
    /// Remove a value from this project, or with `--global` from your own settings
    Unset(ConfigUnsetArgs),
}

impl ConfigCommand {
    pub(in crate::cli) fn print(&self) -> &PrintArgs {
        match self {
            Self::List(args) => &args.print,
            Self::Get(args) => &args.print,
            Self::Set(args) => &args.print,
            Self::Unset(args) => &args.print,
        }
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ConfigListArgs {
    #[command(flatten)]
    pub(in crate::cli) print: PrintArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ConfigGetArgs {
    #[command(flatten)]
    pub(in crate::cli) print: PrintArgs,
    /// The setting; `renku config list` shows all
    #[arg(value_name = "KEY")]
    pub(in crate::cli) key: String,
    /// Only what your own settings say
    #[arg(long)]
    pub(in crate::cli) global: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ConfigSetArgs {
    #[command(flatten)]
    pub(in crate::cli) print: PrintArgs,
    /// The setting; `renku config list` shows all
    #[arg(value_name = "KEY")]
    pub(in crate::cli) key: String,
    /// Its value
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub(in crate::cli) value: String,
    /// In your own settings, for all projects
    #[arg(long)]
    pub(in crate::cli) global: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ConfigUnsetArgs {
    #[command(flatten)]
    pub(in crate::cli) print: PrintArgs,
    /// The setting; `renku config list` shows all
    #[arg(value_name = "KEY")]
    pub(in crate::cli) key: String,
    /// In your own settings
    #[arg(long)]
    pub(in crate::cli) global: bool,
}
