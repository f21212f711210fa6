//! The command line as data: every command, its options, its help.
//!
//! One file per group of commands; `scan` reads `-p` before the rest is parsed.

mod choice;
mod common;
mod config;
mod duration;
mod exec;
mod image;
mod login;
mod named;
mod origin;
mod other;
mod provider;
mod scan;
mod start;

use clap::{Parser, Subcommand};

pub(crate) use common::{CommonArgs, General};
pub(crate) use config::{ConfigCommand, ConfigGetArgs, ConfigSetArgs, ConfigUnsetArgs};
pub(crate) use exec::{CodeArgs, ExecArgs};
pub(crate) use image::{ImageCommand, ImageCommandArgs, LoadArgs, PruneArgs};
pub(crate) use login::{LoginArgs, LogoutArgs, WhoamiArgs};
pub(crate) use named::{DoctorArgs, LogsArgs, LsArgs, NameArgs, OpenArgs, PullArgs, StopArgs};
pub(crate) use origin::{AddOriginArgs, OriginCommand, RemoveOriginArgs};
pub(crate) use other::{CompletionArgs, ManArgs, Shell};
pub(crate) use provider::{
    AddArgs, GrantArgs, InfoArgs, MirrorArgs, NewArgs, PackArgs, PinArgs, ProviderCommand,
    PushArgs, RemoveArgs, RevokeArgs, SignArgs, TestArgs, TrustAddArgs, TrustCommand,
    TrustRemoveArgs, UpdateArgs,
};
pub(crate) use scan::provider_of_start;
pub(crate) use start::{MountArg, StartArgs};

/// Interactive sessions of a git project, on any container engine.
#[derive(Debug, Parser)]
#[command(name = "renku", version, propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Root {
    #[command(subcommand)]
    pub(crate) command: RootCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RootCommand {
    /// Start, list, open and stop interactive sessions of this project
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Session {
        #[command(subcommand)]
        command: SessionGroup,
    },
    #[command(flatten)]
    Other(OtherCommand),
}

/// Commands that are not about sessions.
#[derive(Debug, Subcommand)]
pub(crate) enum OtherCommand {
    /// Show and change the settings of this project, or your own
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Log in to a RenkuLab in the browser
    Login(LoginArgs),
    /// Log out of a RenkuLab
    Logout(LogoutArgs),
    /// Show who you are at a RenkuLab
    Whoami(WhoamiArgs),
    /// Print the script that lets a shell complete commands and session names
    ///
    /// The first lines of the script explain how to install it.
    Completion(CompletionArgs),
    /// Write the manual pages
    #[command(hide = true)]
    Man(ManArgs),
}

/// Commands about sessions. `start` alone needs a provider before it is understood.
#[derive(Debug, Subcommand)]
pub(crate) enum SessionGroup {
    /// Start a session of this project and wait until it answers
    ///
    /// Builds an image from the project's Dockerfile if there is none for this
    /// state of the project, starts it, waits until it answers, and prints its
    /// name and URL.
    Start(Box<StartArgs>),
    #[command(flatten)]
    Other(SessionCommand),
}

/// All of them but `start`.
#[derive(Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// List the sessions of this project
    #[command(name = "ls", visible_alias = "list")]
    Ls(LsArgs),
    /// Stop sessions of this project
    Stop(StopArgs),
    /// Open a session in the browser and print its URL
    Open(OpenArgs),
    /// Pause a session (if the provider supports it)
    Pause(NameArgs),
    /// Resume a paused session
    Resume(NameArgs),
    /// Copy a session's changes back into the project
    ///
    /// For sessions started with `--mount volume`.
    Pull(PullArgs),
    /// Print the log of a session
    Logs(LogsArgs),
    /// Run a command in a session
    ///
    /// Its output is printed, its exit status is that of `exec`, and standard input is
    /// passed on. What fails before the command runs is exit status 125.
    Exec(ExecArgs),
    /// Open a shell in a session
    Shell(NameArgs),
    /// Print the address by which VS Code attaches to a session, and open it
    Code(CodeArgs),
    /// Print the name of the image that `start` would use
    Image(Box<ImageCommandArgs>),
    /// Check this computer for problems and suggest how to fix them
    ///
    /// Starts and changes nothing. The exit status is 1 if there is a problem.
    Doctor(DoctorArgs),
    /// Install, check and grant permissions to providers
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Provider {
        #[command(subcommand)]
        command: ProviderCommand,
    },
    /// Configure the web services that providers may use
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Origin {
        #[command(subcommand)]
        command: OriginCommand,
    },
}

impl SessionCommand {
    /// How the command prints and asks.
    pub(crate) fn general(&self) -> General {
        match self {
            Self::Ls(args) => args.changes.general(&args.common),
            Self::Stop(args) => args.changes.general(&args.common),
            Self::Open(OpenArgs { session: args, .. })
            | Self::Logs(LogsArgs { session: args, .. }) => args.changes.general(&args.common),
            Self::Exec(ExecArgs { session: args, .. })
            | Self::Code(CodeArgs { session: args, .. })
            | Self::Pause(args)
            | Self::Resume(args)
            | Self::Shell(args) => args.changes.general(&args.common),
            Self::Pull(args) => args.changes.general(&args.common),
            Self::Image(args) => args.general(),
            Self::Doctor(args) => args.common.general(),
            Self::Provider { command } => command.general(),
            Self::Origin { command } => command.general(),
        }
    }
}

impl OtherCommand {
    /// How the command prints and asks.
    pub(crate) fn general(&self) -> General {
        match self {
            Self::Config { command } => command.print().general(),
            Self::Completion(_) | Self::Man(_) => General::default(),
            Self::Login(args) => General { yes: args.yes, ..args.print.general() },
            Self::Logout(args) => args.print.general(),
            Self::Whoami(args) => args.print.general(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Root::command().debug_assert();
    }
}
