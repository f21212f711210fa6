//! Debian's package manager, as far as the tasks use it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::shell;

/// Where the package lists are kept (`Dir::State::lists`).
const LISTS: &str = "/var/lib/apt/lists";

/// Whether this is Debian or made from it, by `os-release(5)`, and has `apt-get`.
pub(crate) fn is_debian() -> bool {
    let text = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    names_debian(&text) && shell::find("apt-get").is_some()
}

/// Whether this program runs as root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Installs packages, without the recommended ones and without a question.
///
/// # Errors
///
/// When `apt-get` fails; its own messages are on standard error.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    update_if_missing()?;
    let attempt = || {
        let mut command = apt_get();
        command.args(["install", "-qq", "-y", "--no-install-recommends"]).args(packages);
        shell::run(&mut command)
    };
    // Lists that are there but old name files that the mirror no longer has.
    attempt().or_else(|_| update().and_then(|()| attempt()))
}

/// Downloads the `.deb` files of packages into `directory`, installing nothing.
///
/// # Errors
///
/// When `apt-get` fails.
pub(crate) fn download(packages: &[&str], directory: &Path) -> Result<()> {
    update_if_missing()?;
    let attempt = || {
        let mut command = apt_get();
        // Its unprivileged user could not write to a directory of root's.
        command.args(["download", "-qq", "-o", "APT::Sandbox::User=root"]).args(packages);
        shell::run(command.current_dir(directory))
    };
    attempt().or_else(|_| update().and_then(|()| attempt())).context("Debian packages")
}

/// Whether there is such a package.
///
/// # Errors
///
/// When the lists of packages cannot be had.
pub(crate) fn has(package: &str) -> Result<bool> {
    update_if_missing()?;
    Ok(shell::succeeds(Command::new("apt-cache").args(["show", package])))
}

/// `apt-get update` where no package list was ever fetched.
fn update_if_missing() -> Result<()> {
    let mut entries = std::fs::read_dir(LISTS).into_iter().flatten().flatten();
    let found = entries.any(|entry| entry.file_name().to_string_lossy().contains("_Packages"));
    if found { Ok(()) } else { update() }
}

fn update() -> Result<()> {
    shell::run(apt_get().args(["update", "-qq"]))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(std::process::Stdio::null());
    command
}

/// Whether `ID` or `ID_LIKE` of an `os-release(5)` file is `debian`.
fn names_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| match line.split_once('=') {
        Some(("ID" | "ID_LIKE", value)) => {
            value.trim_matches('"').split(' ').any(|name| name == "debian")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_is_made_from_it_are_recognised() {
        assert!(names_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(names_debian("ID=mint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!names_debian("ID=fedora\nHOME_URL=\"https://debian.example\"\n"));
    }
}
