//! `xtask-components`: builds the providers and checks the contract. These tasks need
//! WebAssembly tools, which take a minute to compile, so `xtask` starts this program
//! for them: whoever needs neither does not wait for it.

mod build;
mod contract;
mod verify;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use xtask_common::{in_target, shell};

/// Builds the providers and checks the contract; `cargo xtask` starts it.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Task {
    /// Build all components and print what they are as JSON
    Build,
    /// Check the contract in `wit` against its releases
    CheckContract,
    /// Copy the contract in force and built components to the released ones
    FreezeContract,
    /// Build the components again in another directory and compare the digests
    Verify,
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
        Task::Build => {
            let built = build::all(root, &in_target("")?)?;
            Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&built)?)?)
        }
        Task::CheckContract => contract::check(root),
        Task::FreezeContract => contract::freeze(root, &in_target("")?),
        Task::Verify => verify::run(root, &in_target("")?),
    }
}

/// The workspace that this crate is of.
fn workspace() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().with_context(|| format!("`{}` was moved", root.display()))
}
