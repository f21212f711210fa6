//! The container engine that demo, test and bench use: one that already answers,
//! else Debian's, installed and started here. What was started here is recorded,
//! and nothing else is ever stopped.

mod daemon;
mod endpoint;
mod install;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, bail};

use crate::shell;

/// The Jupyter image that the sample project, tests and benchmarks build on.
pub(crate) const JUPYTER_IMAGE: &str = "renku-test/jupyterlab:latest";

/// What to install where this program cannot do it.
const INSTALL_IT: &str = "install Docker Engine 20.10 or newer from https://docs.docker.com/engine/install/ and start it, \
     or point DOCKER_HOST to one that runs; on Debian, `cargo xtask setup` as root does it";

const NOT_STOPPED: &str = "the container engine was not stopped";

/// Whether this program started the engine, in whichever of its calls of
/// `ensure`: `test` stops it although `setup` was first to need it.
static STARTED: AtomicBool = AtomicBool::new(false);

/// A container engine that answers.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Whether it did not run before and this very program started it; one that
    /// an earlier `cargo xtask demo` left running is not.
    pub(crate) started_by_us: bool,
    /// Where the process is recorded.
    record: daemon::Record,
}

impl Engine {
    /// Stops the engine if this program started it; no other.
    ///
    /// # Errors
    ///
    /// When it does not end.
    pub(crate) fn stop_if_ours(self) -> Result<()> {
        if self.started_by_us {
            self.record.stop().context(NOT_STOPPED)?;
        }
        Ok(())
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
        return Ok(Engine { started_by_us: STARTED.load(Ordering::Relaxed), record });
    }
    refuse_forbidden()?;
    if let Some(chosen) = endpoint::chosen() {
        bail!(
            "no container engine answers at DOCKER_HOST `{chosen}`: start it, or unset \
             DOCKER_HOST to use the one of this machine"
        );
    }
    let started_by_us = install::daemon()? == install::Daemon::ToBeStarted;
    if started_by_us {
        record.start()?;
        STARTED.store(true, Ordering::Relaxed);
    }
    install::command_line()?;
    Ok(Engine { started_by_us, record })
}

/// `cargo xtask engine stop`: ends the `dockerd` that a task started here.
///
/// # Errors
///
/// When it does not end.
pub(crate) fn stop(root: &Path) -> Result<()> {
    let stopped = daemon::Record::new(root).stop().context(NOT_STOPPED)?;
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
        refuse_forbidden()?;
        bail!("no container engine answers (tried {}); {INSTALL_IT}", endpoint::tried());
    };
    let origin = match daemon::Record::new(root).running() {
        Some(pid) => format!(", started here as process {pid}"),
        None => String::new(),
    };
    shell::say(&format!("a container engine answers at {endpoint}{origin}"));
    Ok(())
}

/// An engine that refuses this user needs a permission, not another installation.
fn refuse_forbidden() -> Result<()> {
    match endpoint::forbidden() {
        Some(endpoint) => bail!(
            "you may not use the container engine at {endpoint}: add yourself to the group `docker` with \
             `sudo usermod -aG docker $USER`, then log in again"
        ),
        None => Ok(()),
    }
}

/// The `docker` command, pointed to the engine that answers.
pub(crate) fn docker() -> Command {
    let mut command = Command::new("docker");
    if let Some(endpoint) = endpoint::reachable() {
        command.env("DOCKER_HOST", endpoint.to_string());
    }
    command
}
