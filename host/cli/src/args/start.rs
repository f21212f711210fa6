//! Options of `session start`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::common::{CommonArgs, General};
use super::duration::duration;
use super::image::{ImageArgs, PullArg};

#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) image: ImageArgs,
    /// Build the project's image even if there is one
    #[arg(long, conflicts_with = "image")]
    pub(crate) force_build: bool,
    /// When to pull the image from its registry
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) pull: PullArg,
    /// The name of the session [default: the project's and five characters]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// CPUs, such as 2 or 0.5
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) cpu: Option<String>,
    /// Memory, such as 2Gi or 500m
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) memory: Option<String>,
    /// Disk, such as 10G
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) disk: Option<String>,
    /// GPUs: a number, `all`, or `device=NAME,…`
    #[arg(long, value_name = "N|all|…", visible_alias = "gpus", allow_hyphen_values = true)]
    pub(crate) gpu: Option<String>,
    /// Leave out options that the engine does not support, with a warning
    #[arg(long)]
    pub(crate) best_effort: bool,
    /// How the session gets the project's files
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) mount: MountArg,
    /// A YAML file with settings of the provider
    #[arg(short, long, value_name = "FILE.yaml")]
    pub(crate) config: Option<PathBuf>,
    /// An option of the provider by name, even where `renku` has one of that name
    #[arg(short, long, value_name = "NAME=VALUE")]
    pub(crate) option: Vec<String>,
    /// Return as soon as the session exists
    #[arg(long, conflicts_with_all = ["wait_timeout", "open"])]
    pub(crate) no_wait: bool,
    /// How long to wait until the session answers [default: 2min, remote 15min]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) wait_timeout: Option<Duration>,
    /// Leave a session that fails to start, for a look at it
    #[arg(long, conflicts_with = "no_wait")]
    pub(crate) keep_failed: bool,
    /// Show what would happen, without doing it
    #[arg(long, conflicts_with_all = ["no_changes", "open"])]
    pub(crate) dry_run: bool,
    /// Show the values of variables with `--dry-run`, which prints `***` otherwise
    #[arg(long, requires = "dry_run")]
    pub(crate) show_values: bool,
    /// Refuse to change anything (`--read-only` of the other commands)
    #[arg(long)]
    pub(crate) no_changes: bool,
    /// Push the branch first, if the session starts from the server's copy
    #[arg(long)]
    pub(crate) push: bool,
    /// Open the session in the browser once it answers
    #[arg(long)]
    pub(crate) open: bool,
}

impl StartArgs {
    /// How the command prints and asks.
    pub(crate) fn general(&self) -> General {
        General {
            no_changes: self.no_changes.then_some("--no-changes"),
            dry_run: self.dry_run,
            show_values: self.show_values,
            ..self.common.general()
        }
    }
}

/// How a session gets the project's files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum MountArg {
    /// Mount it: the session works on this folder
    #[default]
    Project,
    /// Copy it to the engine; `renku session pull` brings changes back
    Volume,
    /// Leave them out
    None,
}
