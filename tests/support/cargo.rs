//! Cargo, as the author of a provider uses it in a project of theirs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::target::in_target;

/// Runs cargo in a project outside of this workspace. What such projects depend on
/// is compiled once for all tests, and kept.
///
/// # Panics
///
/// When there is no cargo.
#[must_use]
pub fn cargo(project: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        // What an outer cargo says about profiles and flags is not the author's.
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PROFILE_") || name.starts_with("CARGO_BUILD_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(project)
        .args(arguments)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_TERM_COLOR", "never")
        .output()
        .unwrap()
}

/// Compiles a provider in Rust to a core module.
///
/// # Panics
///
/// When it does not compile.
#[must_use]
#[track_caller]
pub fn core_module(project: &Path, name: &str) -> PathBuf {
    let output = cargo(project, &["build", "--release", "--target", "wasm32-unknown-unknown"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target().join(format!("wasm32-unknown-unknown/release/{name}.wasm"))
}

/// Where that is kept.
#[must_use]
pub fn target() -> PathBuf {
    in_target("authors")
}
