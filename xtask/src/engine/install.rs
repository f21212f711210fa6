//! Installs what an engine needs where this program may: on Debian, as root.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::{INSTALL_IT, endpoint};
use crate::{debian, shell};

/// How long an engine that the package's own service starts may take.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(20);

/// What has become of the engine after its installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Daemon {
    /// Its package brought a service, and that runs now: it is not ours.
    Running,
    /// The program is there and nobody has started it.
    ToBeStarted,
}

/// Makes `dockerd` available.
///
/// # Errors
///
/// When it is missing and cannot be installed here, or cannot be started by this user.
pub(super) fn daemon() -> Result<Daemon> {
    if !debian::is_root() {
        bail!(
            "no container engine answers (tried {}), and only root can start one: {INSTALL_IT}",
            endpoint::tried()
        );
    }
    if shell::find("dockerd").is_some() {
        return Ok(Daemon::ToBeStarted);
    }
    if !debian::is_debian() {
        bail!("no container engine answers (tried {}): {INSTALL_IT}", endpoint::tried());
    }
    debian::install(&["docker.io"])?;
    // systemd's own test for being the running init, see sd_booted(3).
    if !Path::new("/run/systemd/system").exists() {
        return Ok(Daemon::ToBeStarted);
    }
    let deadline = Instant::now() + SERVICE_TIMEOUT;
    while Instant::now() < deadline {
        if endpoint::reachable().is_some() {
            return Ok(Daemon::Running);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(Daemon::ToBeStarted)
}

/// Makes the `docker` command available, which builds the images and which the
/// benchmark compares with.
///
/// # Errors
///
/// When it is missing and cannot be installed here.
pub(super) fn command_line() -> Result<()> {
    if shell::find("docker").is_some() {
        return Ok(());
    }
    if !(debian::is_root() && debian::is_debian()) {
        bail!(
            "the `docker` command is missing: install the Docker CLI from https://docs.docker.com/engine/install/"
        );
    }
    // Since Debian 13 the command is a package of its own; before, part of `docker.io`.
    let own_package = shell::succeeds(Command::new("apt-cache").args(["show", "docker-cli"]));
    debian::install(&[if own_package { "docker-cli" } else { "docker.io" }])
}
