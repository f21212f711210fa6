//! Options of `renku session exec`, `shell` and `code`.

use clap::Args;

use super::named::NameArgs;

#[derive(Debug, Args)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) session: NameArgs,
    /// Give the command a terminal (if there is one here)
    #[arg(short, long)]
    pub(crate) tty: bool,
    /// Start in this folder of the session
    #[arg(short, long, value_name = "PATH")]
    pub(crate) workdir: Option<String>,
    /// Set a variable for the command; without a value, as it is here
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,
    /// The command and its arguments
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub(crate) command: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CodeArgs {
    #[command(flatten)]
    pub(crate) session: NameArgs,
    /// Print the address and open nothing
    #[arg(long)]
    pub(crate) no_open: bool,
}
