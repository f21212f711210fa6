//! `componentize-py`, as the author of a provider in Python uses it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::target::in_target;

/// Makes a component of the module `provider` in a project, with the command of its
/// `README.md`.
///
/// # Panics
///
/// When `cargo xtask setup` has not installed what does it, or it cannot.
#[must_use]
#[track_caller]
pub fn component(project: &Path) -> PathBuf {
    let tool = in_target("xtask/componentize-py");
    let program = tool.join("bin/componentize-py");
    assert!(program.exists(), "run `cargo xtask setup`: {} is missing", program.display());
    let readme = std::fs::read_to_string(project.join("README.md")).unwrap();
    let start = "$ .venv/bin/componentize-py ";
    let line = readme.lines().find_map(|line| line.strip_prefix(start)).unwrap();
    let output = Command::new(program)
        .current_dir(project)
        .args(line.split(' '))
        .env("PYTHONPATH", &tool)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    project.join("component.wasm")
}
