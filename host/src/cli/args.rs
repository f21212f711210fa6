//! The command line as data: every command, its options, its help.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::output::Format;

/// Interactive sessions of a git project, on any container engine.
#[derive(Debug, Parser)]
#[command(name = "renku", version, propagate_version = true, disable_help_subcommand = true)]
pub(super) struct Root {
    #[command(subcommand)]
    pub(super) command: RootCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RootCommand {
    /// Start, list, open and stop interactive sessions of this project
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum SessionCommand {
    /// Start a session of this project and wait until it answers
    ///
    /// Builds the project's Dockerfile into an image when there is none for this
    /// state of the project, starts it, waits until it answers, and prints its
    /// name and URL.
    Start(Box<StartArgs>),
    /// List the sessions of this project
    #[command(name = "ls", visible_alias = "list")]
    Ls(LsArgs),
    /// Stop sessions of this project
    Stop(StopArgs),
    /// Open a session in the browser and print its URL
    Open(OpenArgs),
    /// Put a session aside, where the provider can
    Pause(NameArgs),
    /// Take a paused session up again
    Resume(NameArgs),
    /// Show what a session printed
    Logs(LogsArgs),
}

impl SessionCommand {
    /// The options that all commands have.
    pub(super) fn common(&self) -> &CommonArgs {
        match self {
            Self::Start(args) => &args.common,
            Self::Ls(args) => &args.common,
            Self::Stop(args) => &args.common,
            Self::Open(args) => &args.common,
            Self::Pause(args) | Self::Resume(args) => &args.common,
            Self::Logs(args) => &args.common,
        }
    }
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    /// The provider: a name, or the path of a `.wasm` file
    #[arg(short, long, value_name = "NAME")]
    pub(super) provider: Option<String>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(super) format: Format,
    /// Answer every yes-or-no question with yes
    #[arg(short, long)]
    pub(super) yes: bool,
    /// Answer one question of a provider
    #[arg(long = "answer", value_name = "ID=VALUE", value_parser = answer)]
    pub(super) answers: Vec<(String, String)>,
    /// Say more; twice for even more
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Debug, Args)]
pub(super) struct StartArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Use this image instead of building the project's
    #[arg(long, value_name = "IMAGE")]
    pub(super) image: Option<String>,
    /// The Dockerfile to build [default: Dockerfile in the project's root]
    #[arg(long, value_name = "PATH")]
    pub(super) file: Option<PathBuf>,
    /// CPUs, such as 2 or 0.5
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(super) cpu: Option<String>,
    /// Memory, such as 2Gi or 500m
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(super) memory: Option<String>,
    /// Disk, such as 10G
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(super) disk: Option<String>,
    /// GPUs: a number, or `all`
    #[arg(long, value_name = "N|all", allow_hyphen_values = true)]
    pub(super) gpu: Option<String>,
    /// Settings of the provider, YAML
    #[arg(short, long, value_name = "FILE.yaml")]
    pub(super) config: Option<PathBuf>,
    /// Return as soon as the session exists
    #[arg(long, conflicts_with_all = ["wait_timeout", "open"])]
    pub(super) no_wait: bool,
    /// How long to wait until the session answers [default: 2min, remote 15min]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) wait_timeout: Option<Duration>,
    /// Open the session in the browser when it answers
    #[arg(long)]
    pub(super) open: bool,
}

#[derive(Debug, Args)]
pub(super) struct LsArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Settings of the provider, YAML
    #[arg(short, long, value_name = "FILE.yaml", requires = "provider")]
    pub(super) config: Option<PathBuf>,
    /// How long a provider may take to answer [default: 30s, remote 3s]
    #[arg(long, value_name = "DURATION", value_parser = list_duration)]
    pub(super) timeout: Option<Duration>,
}

#[derive(Debug, Args)]
pub(super) struct StopArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Names of sessions; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(super) names: Vec<String>,
    /// Stop every session of this project
    #[arg(long, conflicts_with = "names")]
    pub(super) all: bool,
}

#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Name of a session; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Only print the URL
    #[arg(long)]
    pub(super) no_browser: bool,
}

#[derive(Debug, Args)]
pub(super) struct NameArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Name of a session; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct LogsArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Name of a session; the only session of this project when omitted
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Go on showing what it prints, until Ctrl-C
    #[arg(short, long)]
    pub(super) follow: bool,
    /// Only the last lines
    #[arg(long, value_name = "N")]
    pub(super) tail: Option<u32>,
}

fn answer(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((id, value)) if !id.is_empty() => Ok((id.into(), value.into())),
        _ => Err("write it as ID=VALUE".into()),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    at_least_a_second(text, "wait at least 1s, or use `--no-wait`")
}

fn list_duration(text: &str) -> Result<Duration, String> {
    at_least_a_second(text, "allow at least 1s")
}

/// A number of seconds, or with units as in `5min`.
fn at_least_a_second(text: &str, shorter: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<u64>() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text),
    };
    match parsed {
        Ok(duration) if duration >= Duration::from_secs(1) => Ok(duration),
        Ok(_) => Err(shorter.into()),
        Err(_) => Err("write it like 90s, 5min or 1h".into()),
    }
}

/// What `-p` of `session start` says, before the rest is parsed: the options of
/// that provider become part of the command line.
///
/// None when this is another command or nothing was said. A `-p` that cannot be
/// read here is left for the real parser to complain about.
pub(super) fn provider_of_start(arguments: &[OsString]) -> Option<Option<String>> {
    let words: Vec<&str> =
        arguments.iter().skip(1).map(|word| word.to_str().unwrap_or_default()).collect();
    let mut commands = words.iter().filter(|word| !word.starts_with('-'));
    if commands.next() != Some(&"session") || commands.next() != Some(&"start") {
        return None;
    }
    let mut rest = words.iter().take_while(|word| **word != "--");
    while let Some(word) = rest.next() {
        if let Some(name) = word.strip_prefix("--provider=").or(word.strip_prefix("-p=")) {
            return Some(Some(name.into()));
        }
        if *word == "--provider" || *word == "-p" {
            return Some(rest.next().map(|name| (*name).into()));
        }
        if let Some(name) = word.strip_prefix("-p")
            && !name.is_empty()
        {
            return Some(Some(name.into()));
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(line: &str) -> Option<Option<String>> {
        provider_of_start(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_provider_is_read_before_the_rest() {
        let named = Some(Some("x".to_owned()));
        assert_eq!(provider("renku session start -p x --help"), named);
        assert_eq!(provider("renku session start --cpu 2 -px"), named);
        assert_eq!(provider("renku session start --provider=x"), named);
        assert_eq!(provider("renku session start --provider x"), named);
        assert_eq!(provider("renku session start --cpu 2"), Some(None));
        assert_eq!(provider("renku session start -- -p x"), Some(None));
        assert_eq!(provider("renku session ls -p x"), None);
        assert_eq!(provider("renku --help"), None);
    }

    #[test]
    fn durations_have_a_unit_or_are_seconds() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2min"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("0").unwrap_err(), "wait at least 1s, or use `--no-wait`");
        assert_eq!(duration("soon").unwrap_err(), "write it like 90s, 5min or 1h");
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Root::command().debug_assert();
    }
}
