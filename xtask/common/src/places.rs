//! Where things are that several tasks use. What is built lies in cargo's target
//! directory: `target/` of the workspace, unless `CARGO_TARGET_DIR`, `--target-dir` or
//! a configuration file moves it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The provider outside of the workspace, relative to it.
pub const EXAMPLE: &str = "examples/jupyterhub-provider";
/// In the target directory: the bundled providers. Those that serve tests are in
/// `fixtures/` below it, the one from outside in `examples/`.
pub const PROVIDERS: &str = "providers";
/// In the target directory: what cargo makes of the provider outside of the workspace
/// and of the projects that tests make (`tests/support/cargo.rs`), which depend on the
/// same.
pub const AUTHORS: &str = "authors";

/// The file that marks cargo's target directories (bford.info/cachedir).
const TAG: &str = "CACHEDIR.TAG";

/// A path in the target directory that this very program was built into: it is the
/// right one, however it was chosen.
///
/// # Errors
///
/// When this program was moved out of it.
pub fn in_target(path: &str) -> Result<PathBuf> {
    let program = std::env::current_exe().context("this program's own path")?;
    let directory = target_above(&program).with_context(|| {
        format!("`{}` is not in cargo's target directory: run `cargo xtask`", program.display())
    })?;
    Ok(directory.join(path))
}

/// The target directory above a file.
fn target_above(file: &Path) -> Option<&Path> {
    file.ancestors().find(|directory| directory.join(TAG).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_directory_is_the_one_above_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("of another name");
        let program = target.join("debug/deps/xtask-0123");
        assert_eq!(target_above(&program), None);
        std::fs::create_dir(&target).unwrap();
        std::fs::write(target.join(TAG), "").unwrap();
        assert_eq!(target_above(&program), Some(target.as_path()));
        assert!(in_target(TAG).unwrap().is_file());
    }
}
