//! Installs what an engine needs where this program may: on Debian, as root.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use xtask_common::shell;

use super::{INSTALL_IT, endpoint};
use crate::debian;

/// The package of the engine, and before Debian 13 of its client.
const ENGINE: &str = "docker.io";
/// The package of the client since Debian 13.
const CLIENT: &str = "docker-cli";
/// How long an engine that the package's own service starts may take.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(20);

/// The packages of the `docker` command and, where `daemon` is wanted, of `dockerd`
/// that are not here.
///
/// # Errors
///
/// When something is missing that cannot be installed here, or cannot be started by
/// this user.
pub(super) fn missing_packages(daemon: bool) -> Result<Vec<&'static str>> {
    if daemon && !debian::is_root() {
        bail!(
            "no container engine answers (tried {}), and only root can start one: {INSTALL_IT}",
            endpoint::tried()
        );
    }
    let mut packages = Vec::new();
    if daemon && shell::find("dockerd").is_none() {
        if !debian::is_debian() {
            bail!("no container engine answers (tried {}): {INSTALL_IT}", endpoint::tried());
        }
        packages.push(ENGINE);
    }
    if shell::find("docker").is_none() {
        if !(debian::is_root() && debian::is_debian()) {
            bail!(
                "the `docker` command is missing: install the Docker CLI from https://docs.docker.com/engine/install/"
            );
        }
        let package = if debian::has(CLIENT)? { CLIENT } else { ENGINE };
        if !packages.contains(&package) {
            packages.push(package);
        }
    }
    Ok(packages)
}

/// Installs these packages.
///
/// # Errors
///
/// When Debian's package manager fails.
pub(super) fn packages(missing: &[&str]) -> Result<()> {
    if missing.is_empty() { Ok(()) } else { debian::install(missing) }
}

/// Whether the service that the engine's package brought has made an engine answer,
/// which then is not ours.
pub(super) fn service_runs(installed: &[&str]) -> bool {
    // systemd's own test for being the running init, see sd_booted(3).
    if !installed.contains(&ENGINE) || !Path::new("/run/systemd/system").exists() {
        return false;
    }
    let deadline = Instant::now() + SERVICE_TIMEOUT;
    while Instant::now() < deadline {
        if endpoint::reachable().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    false
}
