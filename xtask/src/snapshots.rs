//! `cargo xtask snapshots`: outputs that changed on purpose. Tests that fail leave what
//! they found beside the expected text; here one looks at it and takes it over.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use xtask_common::shell;

use crate::tools;

/// Shows what changed and asks about each, or with `accept` takes all of it over.
///
/// # Errors
///
/// When cargo-insta fails or cannot be had.
pub(crate) fn run(root: &Path, accept: bool) -> Result<()> {
    let mut insta = Command::new(tools::program(root, "cargo-insta")?);
    insta.arg("insta").arg(if accept { "accept" } else { "review" });
    shell::run(insta.current_dir(root))
}
