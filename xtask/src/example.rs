//! The provider outside of the workspace, `examples/jupyterhub-provider`: the proof
//! that somebody who has nothing of ours but the SDK can write one. It has a
//! workspace, a lock and a target directory of its own.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::components::cargo::TARGET as WASM;
use crate::shell;

/// Where it is, relative to the workspace.
pub(crate) const DIRECTORY: &str = "examples/jupyterhub-provider";

/// Where cargo leaves what it makes of it, likewise; shared with the projects that
/// tests make (`tests/support/cargo.rs`), which depend on the same.
pub(crate) const TARGET: &str = "target/authors";

/// Checks its form and its lints.
///
/// # Errors
///
/// When something is wrong with them.
pub(crate) fn lint(root: &Path) -> Result<()> {
    cargo(root, &["fmt", "--check"], &[])?;
    let clippy = ["clippy", "--release", "--locked", "--target-dir"];
    let target = root.join(TARGET);
    let rest = ["--target", WASM, "--", "-D", "warnings"].map(OsString::from);
    cargo(root, &clippy, &[&[target.into_os_string()], rest.as_slice()].concat())
}

/// Runs its unit tests, with more arguments for `cargo test`.
///
/// # Errors
///
/// When one fails.
pub(crate) fn test(root: &Path, arguments: &[OsString]) -> Result<()> {
    let test = ["test", "--release", "--locked", "--target-dir"];
    let target = root.join(TARGET).into_os_string();
    cargo(root, &test, &[&[target], arguments].concat())
}

fn cargo(root: &Path, words: &[&str], more: &[OsString]) -> Result<()> {
    let mut command = Command::new("cargo");
    shell::run(command.args(words).args(more).current_dir(root.join(DIRECTORY)))
}
