//! `cargo xtask build`: the providers, then the program that has the bundled ones
//! inside.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{components, shell};

/// Builds the providers into `target/providers/` and the program as
/// `target/release/renku`.
///
/// # Errors
///
/// When one of them cannot be built; cargo's own messages are on standard error.
pub(crate) fn run(root: &Path) -> Result<()> {
    for built in components::build(root)? {
        let path = built.path.strip_prefix(root).unwrap_or(&built.path);
        shell::say(&format!("{} ({} bytes, {})", path.display(), built.size, built.digest));
    }
    let mut cargo = Command::new(cargo());
    cargo.args(["build", "--release", "--locked", "--package", "renku-session"]);
    shell::run(cargo.current_dir(root))
}

/// The cargo that runs this task, else the one on `PATH`.
fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
