//! A real JupyterHub for the tests of the provider outside of the workspace: the hub
//! and JupyterLab from the Python package index, its proxy from npm. Nothing of it
//! is installed into the system; the tests start hubs and end them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::shell::{self, say};
use crate::{debian, python};

/// Where it is, relative to the workspace; also in `tests/support/jupyterhub.rs`.
const DIRECTORY: &str = "target/xtask/jupyterhub";
/// What is there when everything is, and how it got there: this file.
const STAMP: &str = "recipe";
const RECIPE: &str = include_str!("jupyterhub.rs");
const WHEELS: [&str; 2] = ["jupyterhub==6.1.1", "jupyterlab>=4,<5"];
/// The last one that runs on the Node.js of Debian 12; 5 wants Node.js 20.
const PROXY: &str = "configurable-http-proxy@4";

/// Installs what is missing, where that can be done.
///
/// # Errors
///
/// When pip, npm or Debian's package manager fails.
pub(crate) fn ensure(root: &Path) -> Result<()> {
    let directory = root.join(DIRECTORY);
    if fs::read_to_string(directory.join(STAMP)).is_ok_and(|found| found == RECIPE) {
        say("JupyterHub: installed");
        return Ok(());
    }
    let Some(python) = python::with_pip() else {
        say("JupyterHub: only tests need it; it is installed where pip is");
        return Ok(());
    };
    if shell::find("npm").is_none() {
        if !(debian::is_debian() && debian::is_root()) {
            say("JupyterHub: only tests need it; it is installed where npm is");
            return Ok(());
        }
        debian::install(&["nodejs", "npm"])?;
    }
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
    fs::write(directory.join(STAMP), RECIPE).context(DIRECTORY)?;
    say("JupyterHub: installed now");
    Ok(())
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
