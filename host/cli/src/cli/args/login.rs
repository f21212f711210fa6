//! Options of `renku login`, `logout` and `whoami`.

use clap::Args;

use super::common::General;
use crate::output::Format;

#[derive(Debug, Args)]
pub(in crate::cli) struct LoginArgs {
    /// The RenkuLab [default: that of the project, else the last one, else https://renkulab.io]
    #[arg(value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    /// Only print where to confirm the login
    #[arg(long)]
    pub(in crate::cli) no_browser: bool,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
    #[command(flatten)]
    pub(in crate::cli) print: AccountArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LogoutArgs {
    /// The RenkuLab [default: the one that is used without a name]
    #[arg(value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    /// Log out everywhere
    #[arg(long, conflicts_with = "url")]
    pub(in crate::cli) all: bool,
    #[command(flatten)]
    pub(in crate::cli) print: AccountArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct WhoamiArgs {
    /// The RenkuLab [default: the one that is used without a name]
    #[arg(value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) print: AccountArgs,
}

/// How these commands print.
#[derive(Debug, Args)]
pub(in crate::cli) struct AccountArgs {
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(in crate::cli) format: Format,
    /// Say more; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(in crate::cli) verbose: u8,
}

impl AccountArgs {
    /// They print, and ask nothing.
    pub(in crate::cli) fn general(&self) -> General {
        General { format: self.format, verbose: self.verbose, ..General::default() }
    }
}
