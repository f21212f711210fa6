//! `cargo xtask test`: all tests, against a real engine, which is as it was
//! afterwards.

mod leftovers;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::engine::JUPYTER_IMAGE;
use crate::{build_command, engine, example, image, program, rooms, setup, shell};
use leftovers::Snapshot;

/// Runs all tests, with more arguments for `cargo test`, such as the part of a name.
///
/// # Errors
///
/// When something cannot be set up or built, a test fails, or the tests left
/// something in the engine.
pub(crate) fn run(root: &Path, arguments: &[OsString]) -> Result<()> {
    setup::run(root)?;
    let engine = engine::ensure(root)?;
    let tested = test(root, arguments);
    // Also when they failed; but why they did is the first thing to tell.
    let stopped = engine.stop_if_ours();
    tested.and(stopped)
}

fn test(root: &Path, arguments: &[OsString]) -> Result<()> {
    image::ensure(root)?;
    build_command::run(root)?;
    let before = Snapshot::take()?;
    let mut failed = Vec::new();
    for group in rooms::groups(root)? {
        failed.extend(cargo_test(root, &group, arguments).err());
    }
    failed.extend(example::test(root, arguments).err());
    failed.extend(Snapshot::take()?.nothing_new_since(&before).err());
    if !failed.is_empty() {
        let all: Vec<String> = failed.iter().map(|error| format!("{error:#}")).collect();
        bail!(all.join("\n"));
    }
    Ok(())
}

/// Runs the tests of these packages.
fn cargo_test(root: &Path, packages: &[String], arguments: &[OsString]) -> Result<()> {
    shell::run(of_packages(root, packages)?.arg("--no-fail-fast").args(arguments))
}

/// `cargo test` of these packages, with what their tests need to know.
///
/// # Errors
///
/// When there is no program.
pub(crate) fn of_packages(root: &Path, packages: &[String]) -> Result<Command> {
    let mut command = Command::new("cargo");
    command
        .current_dir(root)
        .args(["test", "--release", "--locked"])
        .args(packages)
        .env("RENKU_BIN", program::binary(root)?)
        .env("RENKU_TEST_IMAGE", JUPYTER_IMAGE)
        .env("RENKU_TEST_PROVIDERS", root.join("target/providers"));
    Ok(command)
}
