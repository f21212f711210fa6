//! The provider outside of the workspace, `examples/jupyterhub-provider`: the proof
//! that somebody who has nothing of ours but the SDK can write one. It has a
//! workspace, a lock and a target directory of its own.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;
use xtask_common::{AUTHORS, EXAMPLE, in_target, shell};

use crate::setup::WASM_TARGET;

/// Checks its form and its lints.
///
/// # Errors
///
/// When something is wrong with them.
pub(crate) fn lint(root: &Path) -> Result<()> {
    shell::run(shell::cargo().args(["fmt", "--check"]).current_dir(root.join(EXAMPLE)))?;
    cargo(root, "clippy", &["--target", WASM_TARGET, "--", "-D", "warnings"].map(OsString::from))
}

/// Runs its unit tests, with more arguments for `cargo test`.
///
/// # Errors
///
/// When one fails.
pub(crate) fn test(root: &Path, arguments: &[OsString]) -> Result<()> {
    cargo(root, "test", arguments)
}

/// In the profile that its component is built with, so that macros are compiled once.
fn cargo(root: &Path, command: &str, arguments: &[OsString]) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args([command, "--release", "--locked", "--target-dir"]).arg(in_target(AUTHORS)?);
    shell::run(cargo.args(arguments).current_dir(root.join(EXAMPLE)))
}
