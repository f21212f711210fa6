//! The container engine that demo, test and bench use: one that already answers,
//! else Debian's, installed and started here. What was started here is recorded,
//! and nothing else is ever stopped.

mod daemon;
mod endpoint;
mod install;

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

pub(crate) use self::endpoint::Endpoint;
use crate::shell;

/// The Jupyter image that the sample project, tests and benchmarks build on.
pub(crate) const JUPYTER_IMAGE: &str = "renku-test/jupyterlab:latest";

/// What to install where this program cannot do it.
const INSTALL_IT: &str = "install Docker Engine 20.10 or newer from https://docs.docker.com/engine/install/ and start it, \
     or point DOCKER_HOST to one that runs; on Debian, `cargo xtask setup` as root does it";

/// A container engine that answers.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Whether it did not run before and was started by this very call; an
    /// engine that an earlier `cargo xtask demo` left running is not.
    pub(crate) started_by_us: bool,
    /// Where the process is recorded.
    record: daemon::Record,
}

impl Engine {
    /// Stops the engine if this call of `ensure` started it; no other.
    pub(crate) fn stop_if_ours(self) {
        if !self.started_by_us {
            return;
        }
        if let Err(error) = self.record.stop() {
            shell::say(&format!("the container engine was not stopped: {error:#}"));
        }
    }
}

/// Gives a container engine that answers: the one of `DOCKER_HOST`, else one on a
/// known socket, else `dockerd` of this machine, installed from Debian if need be
/// and started in the background.
///
/// # Errors
///
/// When none answers and none can be started here; says what to install.
pub(crate) fn ensure(root: &Path) -> Result<Engine> {
    let record = daemon::Record::new(root);
    if endpoint::reachable().is_some() {
        install::command_line()?;
        return Ok(Engine { started_by_us: false, record });
    }
    if let Some(chosen) = endpoint::chosen() {
        bail!(
            "no container engine answers at DOCKER_HOST `{chosen}`: start it, or unset \
             DOCKER_HOST to use the one of this machine"
        );
    }
    let started_by_us = install::daemon()? || record.start()?;
    install::command_line()?;
    Ok(Engine { started_by_us, record })
}

/// `cargo xtask engine stop`: ends the `dockerd` that a task started here.
///
/// # Errors
///
/// When it does not end.
pub(crate) fn stop(root: &Path) -> Result<()> {
    let stopped = daemon::Record::new(root).stop().context("the container engine was not stopped")?;
    shell::say(if stopped {
        "stopped the container engine that was started here"
    } else {
        "no container engine was started here: nothing to stop"
    });
    Ok(())
}

/// `cargo xtask engine status`: which engine answers, and whether it was started here.
///
/// # Errors
///
/// When none answers.
pub(crate) fn status(root: &Path) -> Result<()> {
    let Some(endpoint) = endpoint::reachable() else {
        bail!("no container engine answers (tried {}); {INSTALL_IT}", endpoint::tried());
    };
    let origin = match daemon::Record::new(root).running() {
        Some(pid) => format!(", started here as process {pid}"),
        None => String::new(),
    };
    shell::say(&format!("a container engine answers at {endpoint}{origin}"));
    Ok(())
}

/// The `docker` command, pointed to the engine that answers.
pub(crate) fn docker() -> Command {
    let mut command = Command::new("docker");
    if let Some(endpoint) = endpoint::reachable() {
        command.env("DOCKER_HOST", endpoint.to_string());
    }
    command
}
