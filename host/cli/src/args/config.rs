//! Options of `renku config`.

use clap::{Args, Subcommand};

use super::common::PrintArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show every setting, its value and where it was set
    #[command(name = "list", visible_alias = "ls")]
    List(ConfigListArgs),
    /// Print the value in effect
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
    pub(crate) fn print(&self) -> &PrintArgs {
        match self {
            Self::List(args) => &args.print,
            Self::Get(args) => &args.print,
            Self::Set(args) => &args.print,
            Self::Unset(args) => &args.print,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ConfigListArgs {
    #[command(flatten)]
    pub(crate) print: PrintArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigGetArgs {
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    /// The setting (`renku config list` shows all of them)
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    /// Show only your own settings
    #[arg(long)]
    pub(crate) global: bool,
    /// A key of the configuration of this provider
    #[arg(short, long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigSetArgs {
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    /// The setting (`renku config list` shows all of them)
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    /// The new value
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) value: String,
    /// Change your own settings, for all your projects
    #[arg(long)]
    pub(crate) global: bool,
    /// A key of the configuration of this provider, for every command
    #[arg(short, long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigUnsetArgs {
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    /// The setting (`renku config list` shows all of them)
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    /// In your own settings
    #[arg(long)]
    pub(crate) global: bool,
    /// A key of the configuration of this provider
    #[arg(short, long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
}
