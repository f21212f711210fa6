//! `cargo xtask build`: the providers, then the program that has the bundled ones
//! inside.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use xtask_common::{in_target, shell};

use crate::{packages, setup};

/// How the program is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// `dev`: our own crates at once, what they depend on optimised. For demo and tests.
    Dev,
    /// `release`: optimised, for use and for measurements.
    Release,
}

impl Profile {
    /// What cargo calls the directory of this profile.
    pub(crate) fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// A finished component.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Component {
    /// The name of the provider.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// The file's size in bytes.
    pub(crate) size: u64,
    /// `sha256:` and 64 hexadecimal digits.
    pub(crate) digest: String,
}

/// Builds the providers and the program, and gives the program's path.
///
/// # Errors
///
/// When one of them cannot be built; cargo's own messages are on standard error.
pub(crate) fn run(root: &Path, profile: Profile) -> Result<PathBuf> {
    let built = components(root)?;
    let program = program(root, profile)?;
    for Component { path, size, digest, .. } in built {
        shell::say(&format!("{} ({size} bytes, {digest})", path.display()));
    }
    shell::say(&program.display().to_string());
    Ok(program)
}

/// Builds all components: the bundled providers, those of tests and the example. Whoever
/// calls it may be the first on this machine, so it brings the Rust target they need.
///
/// # Errors
///
/// As [`run`], and when the target is missing and cannot be added.
pub(crate) fn components(root: &Path) -> Result<Vec<Component>> {
    setup::wasm_target(root)?;
    let json = shell::data(tool(root)?.arg("build"))?;
    serde_json::from_str(&json).context("xtask-components")
}

/// `xtask-components`, built, without arguments yet.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn tool(root: &Path) -> Result<Command> {
    shell::run(packages::cargo(root, "build").args(["--package", "xtask-components"]))?;
    Ok(shell::command(in_target("debug/xtask-components")?))
}

/// Builds the program on the engine in memory, which whole-program tests run.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn in_memory(root: &Path) -> Result<()> {
    shell::run(packages::cargo(root, "build").args(["--package", "renku-in-memory"]))
}

/// Builds the program alone, which wants the providers there.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn program(root: &Path, profile: Profile) -> Result<PathBuf> {
    let mut cargo = match profile {
        Profile::Dev => packages::cargo(root, "build"),
        // What is used has the features that it asks for itself, and no others.
        Profile::Release => {
            let mut cargo = shell::cargo();
            cargo.current_dir(root).args(["build", "--locked", "--release"]);
            cargo
        }
    };
    shell::run(cargo.args(["--package", packages::PROGRAM]))?;
    in_target(&format!("{}/renku", profile.directory()))
}
