//! A real JupyterHub for the tests of the provider outside of the workspace: the hub
//! and JupyterLab from the Python package index, its proxy from npm. Nothing of it
//! is installed into the system; the tests start hubs and end them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask_common::{in_target, shell};

use crate::python;

/// Where it is, in the target directory; also in `tests/support/jupyterhub/mod.rs`.
const DIRECTORY: &str = "xtask/jupyterhub";
/// What is there when everything is, and how it got there: this file.
const STAMP: &str = "recipe";
const RECIPE: &str = include_str!("jupyterhub.rs");
const WHEELS: [&str; 2] = ["jupyterhub==6.1.1", "jupyterlab>=4,<5"];
/// The last one that runs on the Node.js of Debian 12; 5 wants Node.js 20.
const PROXY: &str = "configurable-http-proxy@4";

/// Whether it is there, made as this file says.
///
/// # Errors
///
/// When this program was moved out of cargo's target directory.
pub(crate) fn is_installed() -> Result<bool> {
    let stamp = in_target(DIRECTORY)?.join(STAMP);
    Ok(fs::read_to_string(stamp).is_ok_and(|found| found == RECIPE))
}

/// Installs it anew.
///
/// # Errors
///
/// When pip or npm fails or is missing.
pub(crate) fn install() -> Result<()> {
    let python = python::with_pip().context("JupyterHub comes with pip")?;
    let directory = in_target(DIRECTORY)?;
    if directory.exists() {
        fs::remove_dir_all(&directory).context(DIRECTORY)?;
    }
    fs::create_dir_all(&directory).context(DIRECTORY)?;
    // Both wait for the network most of the time.
    std::thread::scope(|scope| {
        let proxy = scope.spawn(|| install_proxy(&directory));
        let hub = install_hub(python, &directory);
        let proxy = proxy.join().unwrap_or_else(|_| bail!("npm was interrupted"));
        hub.and(proxy)
    })?;
    fs::write(directory.join(STAMP), RECIPE).context(DIRECTORY)
}

/// An environment of its own: JupyterLab looks for its parts beside the interpreter.
/// It needs no pip inside, which Debian has in another package.
fn install_hub(python: &str, directory: &Path) -> Result<()> {
    let environment = directory.join("python");
    let mut venv = Command::new(python);
    shell::run(venv.args(["-m", "venv", "--without-pip"]).arg(&environment))?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "--python"]).arg(environment.join("bin/python"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-compile"]);
    shell::run(pip.args(["--root-user-action=ignore", "--only-binary=:all:"]).args(WHEELS))
}

fn install_proxy(directory: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]);
    shell::run(npm.arg(directory.join("node")).arg(PROXY))
}
