//! Everything that is not the product: set up a machine, build, demo, test,
//! measure. `cargo xtask --help` lists it; one file per command.

mod bench;
mod build_command;
mod check_macos;
mod ci;
mod components;
mod contract;
mod debian;
mod demo;
mod dist;
mod docker;
mod engine;
mod example;
mod files;
mod http;
mod image;
mod install;
mod jupyterhub;
mod other_engines;
mod program;
mod python;
mod rooms;
mod sample;
mod setup;
mod shell;
mod test_command;
mod verify;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

/// Works on the project itself: set up a machine, build, demo, test, measure
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "New here? `cargo xtask demo` sets everything up and starts a real session; `cargo xtask test` runs all tests."
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing: WebAssembly target, pip, container engine
    Setup,
    /// Look at the container engine, or stop the one that was started here
    Engine {
        #[command(subcommand)]
        action: EngineAction,
    },
    /// Build the providers (target/providers) and the program (target/release/renku)
    Build {
        /// Optimise; it always does, so this changes nothing
        #[arg(long)]
        release: bool,
    },
    /// Build the program and copy it to ~/.cargo/bin
    Install {
        /// Copy it to DIR/bin instead
        #[arg(long, value_name = "DIR")]
        root: Option<PathBuf>,
    },
    /// Make the container images of the demo and the tests, with a real JupyterLab
    Image {
        /// Make them anew even if they are there
        #[arg(long)]
        force: bool,
    },
    /// Set everything up and start a real session of a small sample project
    Demo,
    /// Run all tests, against a real container engine and a real JupyterLab
    Test {
        /// Passed on to `cargo test`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<OsString>,
    },
    /// Check formatting and lints, then run all tests
    Ci {
        /// Check formatting and lints only
        #[arg(long)]
        lint_only: bool,
    },
    /// Check the contract in `wit` against its releases, or release it
    Contract {
        #[command(subcommand)]
        action: ContractAction,
    },
    /// Build the providers again in another directory and compare their digests
    Verify,
    /// Make the release for this kind of machine, a tarball in target/dist
    Dist {
        /// The profile of the program; `dist` compiles wasmtime once more, for minutes
        #[arg(long, value_name = "PROFILE", default_value = "dist")]
        profile: String,
    },
    /// Compile the program for macOS, without linking it
    CheckMacos,
    /// Measure the program and compare it with the `docker` command
    Bench(bench::BenchArgs),
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum EngineAction {
    /// Say which container engine answers
    Status,
    /// Stop the one that a task of this project started; never another
    Stop,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum ContractAction {
    /// What was released never changes; what is in force is compatible with it
    Check,
    /// Copy the contract in force to the released ones, with components of it
    Freeze,
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    match workspace().and_then(|root| run(&root, task)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, task: Task) -> Result<()> {
    match task {
        Task::Setup => setup::run(root),
        Task::Engine { action: EngineAction::Status } => engine::status(root),
        Task::Engine { action: EngineAction::Stop } => engine::stop(root),
        Task::Build { release: _ } => build_command::run(root),
        Task::Install { root: prefix } => install::run(root, prefix.as_deref()),
        Task::Image { force } => image::run(root, force),
        Task::Demo => demo::run(root),
        Task::Test { arguments } => test_command::run(root, &arguments),
        Task::Ci { lint_only } => ci::run(root, lint_only),
        Task::Contract { action: ContractAction::Check } => contract::check(root),
        Task::Contract { action: ContractAction::Freeze } => contract::freeze(root),
        Task::Verify => verify::run(root),
        Task::Dist { profile } => dist::run(root, &profile),
        Task::CheckMacos => check_macos::run(root),
        Task::Bench(arguments) => bench::run(root, &arguments),
    }
}

/// The workspace: above the crate that cargo runs, else above where one stands.
fn workspace() -> Result<PathBuf> {
    let from_cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = from_cargo.map_or_else(std::env::current_dir, Ok)?;
    let found = start.ancestors().find(|directory| directory.join("xtask/Cargo.toml").is_file());
    found
        .map(Path::to_owned)
        .context("this is not in the source tree of renku-session: run it there")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
