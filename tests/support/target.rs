//! The target directory, wherever `CARGO_TARGET_DIR` or a configuration file puts it:
//! what tests run beside the program lies in it.

use std::path::PathBuf;

/// A path in the target directory that this very test was built into.
///
/// # Panics
///
/// When the test was moved out of it.
#[must_use]
pub fn in_target(path: &str) -> PathBuf {
    let program = std::env::current_exe().unwrap();
    // Cargo marks its target directories (bford.info/cachedir).
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    target.expect("a test lies in cargo's target directory").join(path)
}
