//! Everything that is not the product: set up a machine, build, demo, test,
//! measure. `cargo xtask --help` lists it; one file per command.

mod bench;
mod build_command;
mod check_macos;
mod ci;
mod debian;
mod demo;
mod deny;
mod dist;
mod docker;
mod engine;
mod example;
mod fuzz;
mod http;
mod image;
mod install;
mod jupyterhub;
mod other_engines;
mod packages;
mod program;
mod python;
mod sample;
mod setup;
mod snapshots;
mod test_command;
mod tools;
mod torture;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use xtask_common::shell;

use build_command::Profile;
use setup::Purpose;
use test_command::TestArguments;

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
    /// Install what the tests need: container engine, images, shells, JupyterHub
    Setup {
        /// Also make the user account of tests of rootless and remote engines
        #[arg(long)]
        all_engines: bool,
        /// Install what is missing without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Look at the container engine, or stop the one that was started here
    Engine {
        #[command(subcommand)]
        action: EngineAction,
    },
    /// Build the providers (target/providers) and the program (target/debug/renku)
    Build {
        /// Optimise the program (target/release/renku)
        #[arg(long)]
        release: bool,
    },
    /// Build the program, optimised, and copy it to ~/.cargo/bin
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
    /// Set up what is missing and start a real session of a small sample project
    Demo {
        /// Install what is missing without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Run all tests, against a real container engine and a real JupyterLab
    Test(TestArguments),
    /// Check formatting, lints and dependencies, then run all tests
    Ci {
        /// Check formatting and lints only
        #[arg(long)]
        lint_only: bool,
    },
    /// Look at outputs that tests expect otherwise, and take over what changed on purpose
    Snapshots {
        /// Take all of them over
        #[arg(long)]
        accept: bool,
    },
    /// Look for inputs that a parser of foreign bytes does not expect
    Fuzz(fuzz::FuzzArguments),
    /// Check licences, sources and known vulnerabilities of what we depend on
    Deny,
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
    /// Kill commands, break the engine, fill disks; afterwards nothing may be left
    Torture(torture::TortureArguments),
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
    if fuzz::compiler::is_wanted() {
        return fuzz::compiler::run();
    }
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
    let components = |task| shell::run(build_command::tool(root)?.arg(task));
    match task {
        Task::Setup { all_engines, yes } => setup::run(root, Purpose::of_tests(all_engines), yes),
        Task::Engine { action: EngineAction::Status } => engine::status(),
        Task::Engine { action: EngineAction::Stop } => engine::stop(),
        Task::Build { release: false } => build_command::run(root, Profile::Dev).map(drop),
        Task::Build { release: true } => build_command::run(root, Profile::Release).map(drop),
        Task::Install { root: prefix } => install::run(root, prefix.as_deref()),
        Task::Image { force } => image::run(force),
        Task::Demo { yes } => demo::run(root, yes),
        Task::Test(arguments) => test_command::run(root, &arguments),
        Task::Ci { lint_only } => ci::run(root, lint_only),
        Task::Snapshots { accept } => snapshots::run(root, accept),
        Task::Fuzz(arguments) => fuzz::run(root, &arguments),
        Task::Deny => deny::run(root),
        Task::Contract { action: ContractAction::Check } => components("check-contract"),
        Task::Contract { action: ContractAction::Freeze } => components("freeze-contract"),
        Task::Verify => components("verify"),
        Task::Dist { profile } => dist::run(root, &profile),
        Task::CheckMacos => check_macos::run(root),
        Task::Torture(arguments) => torture::run(root, &arguments),
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
