//! The container engine that demo, test and bench use: one that already answers,
//! else Debian's, installed and started here. What was started here is recorded,
//! and nothing else is ever stopped.

mod daemon;
mod endpoint;
mod install;

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, bail};
use xtask_common::shell;

/// The Jupyter image that the sample project, tests and benchmarks build on.
pub(crate) const JUPYTER_IMAGE: &str = "renku-test/jupyterlab:latest";

/// What to install where this program cannot do it.
const INSTALL_IT: &str = "install Docker Engine 20.10 or newer from https://docs.docker.com/engine/install/ and start it, \
     or point DOCKER_HOST to one that runs; on Debian, `cargo xtask setup` as root does it";

const NOT_STOPPED: &str = "the container engine was not stopped";

/// Whether this program started the engine, in whichever of its calls of `ensure`.
static STARTED: AtomicBool = AtomicBool::new(false);

/// What has to be done so that a container engine answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) packages: Vec<&'static str>,
    /// Whether `dockerd` has to be started.
    pub(crate) daemon: bool,
}

/// Looks for an engine and its client, and changes nothing; none when both are there.
///
/// # Errors
///
/// When none answers and none can be installed and started here; says what to do.
pub(crate) fn missing() -> Result<Option<Missing>> {
    let daemon = endpoint::reachable().is_none();
    if daemon {
        refuse_forbidden()?;
        if let Some(chosen) = endpoint::chosen() {
            bail!(
                "no container engine answers at DOCKER_HOST `{chosen}`: start it, or unset \
                 DOCKER_HOST to use the one of this machine"
            );
        }
    }
    let packages = install::missing_packages(daemon)?;
    Ok((daemon || !packages.is_empty()).then_some(Missing { packages, daemon }))
}

/// Sees that a container engine answers: the one of `DOCKER_HOST`, else one on a
/// known socket, else `dockerd` of this machine, installed from Debian if need be
/// and started in the background.
///
/// # Errors
///
/// When none answers and none can be started here; says what to install.
pub(crate) fn ensure() -> Result<()> {
    let Some(missing) = missing()? else { return Ok(()) };
    install::packages(&missing.packages)?;
    if missing.daemon && !install::service_runs(&missing.packages) {
        STARTED.store(true, Ordering::Relaxed);
        daemon::Record::new()?.start()?;
    }
    Ok(())
}

/// Stops the engine if this very program started it; no other, nor one that an earlier
/// `cargo xtask demo` left running.
///
/// # Errors
///
/// When it does not end.
pub(crate) fn stop_if_started() -> Result<()> {
    if STARTED.load(Ordering::Relaxed) {
        daemon::Record::new()?.stop().context(NOT_STOPPED)?;
    }
    Ok(())
}

/// Whether the engine that answers was started by a task of this project.
///
/// # Errors
///
/// When this program was moved out of cargo's target directory.
pub(crate) fn is_ours() -> Result<bool> {
    Ok(daemon::Record::new()?.running().is_some())
}

/// `cargo xtask engine stop`: ends the `dockerd` that a task started here.
///
/// # Errors
///
/// When it does not end.
pub(crate) fn stop() -> Result<()> {
    let stopped = daemon::Record::new()?.stop().context(NOT_STOPPED)?;
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
pub(crate) fn status() -> Result<()> {
    let Some(endpoint) = endpoint::reachable() else {
        refuse_forbidden()?;
        bail!("no container engine answers (tried {}); {INSTALL_IT}", endpoint::tried());
    };
    let origin = match daemon::Record::new()?.running() {
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
    let mut command = shell::command("docker");
    if let Some(endpoint) = endpoint::reachable() {
        command.env("DOCKER_HOST", endpoint.to_string());
    }
    command
}
