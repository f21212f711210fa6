//! The Python of this machine, for its pip: which version it is does not matter,
//! since the packages are for the Python of an image, or bring their own along.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::shell;

/// The system's own comes first: it answers sooner than a version manager's.
const PYTHONS: [&str; 2] = ["/usr/bin/python3", "python3"];

/// Ends with 0 where pip is installed; some ten times faster than to start pip.
const HAS_PIP: &str =
    "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)";

/// The first Python 3 that has pip.
pub(crate) fn with_pip() -> Option<&'static str> {
    PYTHONS.into_iter().find(|python| shell::succeeds(Command::new(python).args(["-c", HAS_PIP])))
}

/// Where `componentize-py` is put, relative to the workspace.
const COMPONENTIZE: &str = "target/xtask/componentize-py";

/// What a new provider in Python is built with; the tests build it with the same.
const REQUIREMENTS: &str = "host/providers/templates/python/requirements.txt";

/// Sees that there is what makes components of Python: packages of their own, so that
/// nothing of this machine's Python changes. Says whether it was there already; none
/// without pip.
///
/// # Errors
///
/// When pip cannot get it.
pub(crate) fn componentize(root: &Path) -> Result<Option<bool>> {
    let requirements = root.join(REQUIREMENTS);
    let text = std::fs::read_to_string(&requirements)?;
    let version = text.trim().strip_prefix("componentize-py==").context(REQUIREMENTS)?;
    let folder = root.join(COMPONENTIZE);
    let installed = folder.join(format!("componentize_py-{version}.dist-info/RECORD"));
    if installed.is_file() {
        return Ok(Some(true));
    }
    let Some(python) = with_pip() else { return Ok(None) };
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--root-user-action=ignore", "--only-binary=:all:", "--target"]);
    shell::run(pip.arg(&folder).arg("-r").arg(&requirements))?;
    Ok(Some(false))
}
