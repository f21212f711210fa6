//! Options of `session start`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::CommonArgs;
use super::duration::duration;
use super::image::{ImageArgs, PullArg};

#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) image: ImageArgs,
    /// Build the project's image although there is one
    #[arg(long, conflicts_with = "image")]
    pub(crate) force_build: bool,
    /// When an image is pulled from its registry
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
    /// Leave out, with a warning, what the engine cannot do
    #[arg(long)]
    pub(crate) best_effort: bool,
    /// How the session gets the project's files
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) mount: MountArg,
    /// Settings of the provider, YAML
    #[arg(short, long, value_name = "FILE.yaml")]
    pub(crate) config: Option<PathBuf>,
    /// An option of the provider by its name, also where `renku` has one of that name
    #[arg(short, long, value_name = "NAME=VALUE")]
    pub(crate) option: Vec<String>,
    /// Return as soon as the session exists
    #[arg(long, conflicts_with_all = ["wait_timeout", "open"])]
    pub(crate) no_wait: bool,
    /// How long to wait until the session answers [default: 2min, remote 15min]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) wait_timeout: Option<Duration>,
    /// Show what would be done, and do nothing
    #[arg(long, conflicts_with_all = ["no_changes", "open"])]
    pub(crate) dry_run: bool,
    /// Refuse what would change something (elsewhere `--read-only`)
    #[arg(long)]
    pub(crate) no_changes: bool,
    /// Push the branch when the session starts from the server's copy of it
    #[arg(long)]
    pub(crate) push: bool,
    /// Open the session in the browser when it answers
    #[arg(long)]
    pub(crate) open: bool,
}

/// How a session gets the project's files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum MountArg {
    /// Mounted: the session works on this folder
    #[default]
    Project,
    /// Copied to the engine; `renku session pull` brings changes back
    Volume,
    /// Not at all
    None,
}
