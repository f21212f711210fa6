//! `cargo xtask torture`: everything goes wrong, and afterwards nothing is left. What it
//! does is in `tests/torture`.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use xtask_common::{in_target, shell};

use crate::build_command::{self, Profile};
use crate::test_command::with_environment;
use crate::{engine, image, packages};

/// The program that tortures, of the package of whole-program tests.
const PROGRAM: &str = "torture";

/// How much, and which.
#[derive(Debug, Clone, Args)]
pub(crate) struct TortureArguments {
    /// What decides everything that is left to chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How long all of it may take
    #[arg(long, value_name = "M", default_value_t = 20)]
    minutes: u64,
    /// One kind of trouble alone, by the beginning of its name: kills, faults, an engine, in parallel, disks, garbage
    #[arg(long, value_name = "KIND")]
    only: Option<String>,
}

/// Builds what is missing, then tortures the program.
///
/// # Errors
///
/// When there was a finding, or something cannot be built.
pub(crate) fn run(root: &Path, arguments: &TortureArguments) -> Result<()> {
    engine::ensure()?;
    let tortured = torture(root, arguments);
    let stopped = engine::stop_if_started();
    tortured.and(stopped)
}

fn torture(root: &Path, arguments: &TortureArguments) -> Result<()> {
    image::ensure()?;
    build_command::components(root)?;
    let program = build_command::program(root, Profile::Dev)?;
    let mut cargo = packages::cargo(root, "build");
    shell::run(cargo.args(["--package", packages::TESTS, "--bin", PROGRAM]))?;
    let torture = shell::command(in_target(&format!("debug/{PROGRAM}"))?);
    let mut torture = with_environment(torture, &program)?;
    torture
        .env("RENKU_TORTURE_SEED", arguments.seed.to_string())
        .env("RENKU_TORTURE_MINUTES", arguments.minutes.to_string());
    if let Some(only) = &arguments.only {
        torture.env("RENKU_TORTURE_ONLY", only);
    }
    shell::run(&mut torture)
}
