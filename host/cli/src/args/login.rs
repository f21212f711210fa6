//! Options of `renku login`, `logout` and `whoami`.

use clap::Args;

use super::common::General;
use crate::output::Format;

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// The RenkuLab [default: the project's, else the last one, else https://renkulab.io]
    #[arg(value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Print the address to confirm the login instead of opening the browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) print: AccountArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    /// The RenkuLab [default: the one in use]
    #[arg(value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Log out everywhere
    #[arg(long, conflicts_with = "url")]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) print: AccountArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WhoamiArgs {
    /// The RenkuLab [default: the one in use]
    #[arg(value_name = "URL")]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) print: AccountArgs,
}

/// How these commands print.
#[derive(Debug, Args)]
pub(crate) struct AccountArgs {
    /// The format of the output
    #[arg(long, value_name = "FORMAT", value_parser = super::choice::format(), default_value = "table")]
    pub(crate) format: Format,
    /// Print more detail; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl AccountArgs {
    /// They print, and ask nothing.
    pub(crate) fn general(&self) -> General {
        General { format: self.format, verbose: self.verbose, ..General::default() }
    }
}
