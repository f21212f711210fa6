//! Options of the commands about sessions that exist.

use std::time::Duration;

use clap::Args;

use super::CommonArgs;
use super::common::{ProjectArgs, ReadOnlyArgs, ScopeArgs};
use super::duration::list_duration;
use crate::output::Columns;
use crate::sessions::Scope;

#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Columns of table and tsv, such as `name,status,commit`
    #[arg(long, value_name = "NAME,…", value_parser = Columns::parse)]
    pub(crate) columns: Option<Columns>,
    /// Print only the names
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Keep showing changes until Ctrl-C
    #[arg(short, long)]
    pub(crate) watch: bool,
    /// How long a provider may take to answer [default: 30s, remote 3s]
    #[arg(long, value_name = "DURATION", value_parser = list_duration)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct StopArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Names of sessions [default: the only session of this project]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Stop every session of this project
    #[arg(long, conflicts_with = "names")]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    #[command(flatten)]
    pub(crate) session: NameArgs,
    /// Print the URL without opening the browser
    #[arg(long)]
    pub(crate) no_browser: bool,
}

#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Name of a session [default: the only session of this project]
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
}

impl NameArgs {
    /// Where to look.
    pub(crate) fn scope(&self, command: &'static str) -> Scope {
        self.scope.scope(&self.common, command)
    }
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    #[command(flatten)]
    pub(crate) session: NameArgs,
    /// Keep printing new lines until Ctrl-C
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Print only the last lines
    #[arg(long, value_name = "N")]
    pub(crate) tail: Option<u32>,
    /// Print only the log of this container, where a session has several
    #[arg(long, value_name = "NAME")]
    pub(crate) container: Option<String>,
}

impl LogsArgs {
    /// Where to look.
    pub(crate) fn scope(&self) -> Scope {
        let mut scope = self.session.scope("logs");
        let container = self.container.iter().map(|name| ("container".to_owned(), name.clone()));
        scope.options.values.extend(container);
        scope
    }
}

#[derive(Debug, Args)]
pub(crate) struct PullArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) changes: ReadOnlyArgs,
    /// Name of a session [default: the only session of this project]
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Overwrite files that also changed here, and remove any number of files
    #[arg(long)]
    pub(crate) force: bool,
}
