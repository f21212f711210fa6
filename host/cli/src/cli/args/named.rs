//! Options of the commands about sessions that exist.

use std::time::Duration;

use clap::Args;

use super::CommonArgs;
use super::common::{ReadOnlyArgs, ScopeArgs};
use super::duration::list_duration;
use crate::output::Columns;

#[derive(Debug, Args)]
pub(in crate::cli) struct LsArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
    #[command(flatten)]
    pub(in crate::cli) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    /// Columns of table and tsv, such as `name,status,commit`
    #[arg(long, value_name = "NAME,…", value_parser = Columns::parse)]
    pub(in crate::cli) columns: Option<Columns>,
    /// Only the names
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
    /// Go on showing what changes, until Ctrl-C
    #[arg(short, long)]
    pub(in crate::cli) watch: bool,
    /// How long a provider may take to answer [default: 30s, remote 3s]
    #[arg(long, value_name = "DURATION", value_parser = list_duration)]
    pub(in crate::cli) timeout: Option<Duration>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct StopArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
    #[command(flatten)]
    pub(in crate::cli) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    /// Names of sessions; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(in crate::cli) names: Vec<String>,
    /// Stop every session of this project
    #[arg(long, conflicts_with = "names")]
    pub(in crate::cli) all: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct OpenArgs {
    #[command(flatten)]
    pub(in crate::cli) session: NameArgs,
    /// Only print the URL
    #[arg(long)]
    pub(in crate::cli) no_browser: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct NameArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
    #[command(flatten)]
    pub(in crate::cli) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    /// Name of a session; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DoctorArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LogsArgs {
    #[command(flatten)]
    pub(in crate::cli) session: NameArgs,
    /// Go on showing what it prints, until Ctrl-C
    #[arg(short, long)]
    pub(in crate::cli) follow: bool,
    /// Only the last lines
    #[arg(long, value_name = "N")]
    pub(in crate::cli) tail: Option<u32>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PullArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
    #[command(flatten)]
    pub(in crate::cli) changes: ReadOnlyArgs,
    /// Name of a session; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// Overwrite files that were changed here, too, and remove any number of files
    #[arg(long)]
    pub(in crate::cli) force: bool,
}
