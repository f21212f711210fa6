//! The Python of this machine, for its pip: which version it is does not matter,
//! since the packages are for the Python of an image, or bring their own along.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::{in_target, shell};

/// The system's own comes first: it answers sooner than a version manager's.
const PYTHONS: [&str; 2] = ["/usr/bin/python3", "python3"];

/// Ends with 0 where pip is installed; some ten times faster than to start pip.
const HAS_PIP: &str =
    "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)";

/// The first Python 3 that has pip.
pub(crate) fn with_pip() -> Option<&'static str> {
    PYTHONS.into_iter().find(|python| shell::succeeds(Command::new(python).args(["-c", HAS_PIP])))
}

/// What a new provider in Python is built with; the tests build it with the same.
const REQUIREMENTS: &str = "host/providers/templates/python/requirements.txt";
/// Where it is put, in the target directory; also in `tests/support/python.rs`.
const COMPONENTIZE: &str = "xtask/componentize-py";

/// What knows the schema of a bill of materials, and where it is put.
const SBOM_SCHEMA: &str = "cyclonedx-python-lib[json-validation]==11.12.0";
/// In the target directory.
pub(crate) const SBOM_SCHEMA_FOLDER: &str = "xtask/cyclonedx";

/// Whether the `componentize-py` of the requirements is there.
///
/// # Errors
///
/// When the requirements cannot be read.
pub(crate) fn has_componentize(root: &Path) -> Result<bool> {
    let text = std::fs::read_to_string(root.join(REQUIREMENTS)).context(REQUIREMENTS)?;
    let version = text.trim().strip_prefix("componentize-py==").context(REQUIREMENTS)?;
    let installed = format!("{COMPONENTIZE}/componentize_py-{version}.dist-info/RECORD");
    Ok(in_target(&installed)?.is_file())
}

/// Installs what makes components of Python.
///
/// # Errors
///
/// When pip cannot get it.
pub(crate) fn componentize(root: &Path) -> Result<()> {
    let requirements = root.join(REQUIREMENTS);
    install(COMPONENTIZE, &["-r".as_ref(), requirements.as_os_str()])
}

/// Whether the schema of a bill of materials is there.
///
/// # Errors
///
/// When this program was moved out of cargo's target directory.
pub(crate) fn has_sbom_schema() -> Result<bool> {
    Ok(in_target(SBOM_SCHEMA_FOLDER)?.join("cyclonedx").is_dir())
}

/// Installs the schema of a bill of materials.
///
/// # Errors
///
/// When pip cannot get it.
pub(crate) fn sbom_schema() -> Result<()> {
    install(SBOM_SCHEMA_FOLDER, &[SBOM_SCHEMA.as_ref()])
}

/// Installs packages anew into a folder of the target directory, so that nothing of
/// this machine's Python changes.
///
/// # Errors
///
/// When there is no pip, or it fails.
pub(crate) fn install(folder: &str, what: &[&OsStr]) -> Result<()> {
    let python = with_pip().context("pip is missing: install Python 3 with pip")?;
    let folder = in_target(folder)?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--root-user-action=ignore", "--only-binary=:all:", "--target"]);
    shell::run(pip.arg(&folder).args(what))
}
