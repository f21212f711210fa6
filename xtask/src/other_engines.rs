//! What the tests of other engines need: Podman with its helpers, an ordinary
//! user with sub-ids for rootless containers, and an sshd that no service runs.
//! The engines themselves are started and ended by the tests.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::debian;
use crate::shell::{self, say};

/// The user of rootless engines and of ssh; also in `tests/support/engines.rs`.
const USER: &str = "renku-test";
/// Debian's packages, and the program that shows that one is there.
const PACKAGES: [(&str, &str); 11] = [
    ("podman", "podman"),
    ("runc", "runc"),
    ("catatonit", "catatonit"),
    ("netavark", "/usr/lib/podman/netavark"),
    ("aardvark-dns", "/usr/lib/podman/aardvark-dns"),
    ("slirp4netns", "slirp4netns"),
    ("uidmap", "newuidmap"),
    ("iproute2", "ip"),
    ("openssl", "openssl"),
    ("openssh-client", "ssh"),
    ("passwd", "useradd"),
];

/// Installs what is missing, where that can be done.
///
/// # Errors
///
/// When Debian's package manager fails, or the user cannot be made.
pub(crate) fn ensure(root: &Path) -> Result<()> {
    if !(debian::is_debian() && debian::is_root()) {
        say("other engines: their tests need root on Debian, which makes the user `renku-test`");
        return Ok(());
    }
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(_, program)| !Path::new(program).exists() && shell::find(program).is_none())
        .map(|(package, _)| *package)
        .collect();
    if !missing.is_empty() {
        debian::install(&missing)?;
    }
    user()?;
    sshd(root)?;
    say("other engines: Podman, sshd and the user `renku-test` are there");
    Ok(())
}

/// `useradd` gives an ordinary user sub-ids (`SUB_UID_COUNT` of login.defs(5))
/// where the files for them exist.
fn user() -> Result<()> {
    if shell::succeeds(Command::new("id").arg(USER)) {
        return Ok(());
    }
    for file in ["/etc/subuid", "/etc/subgid"] {
        std::fs::OpenOptions::new().create(true).append(true).open(file).context(file)?;
    }
    shell::run(Command::new("useradd").args(["--create-home", "--shell", "/bin/sh", USER]))
}

/// Debian's sshd, unpacked: installed, its package would start a service.
fn sshd(root: &Path) -> Result<()> {
    let place = root.join("target/xtask/sshd");
    let program = place.join("sshd");
    if program.exists() {
        return Ok(());
    }
    let work = place.join("packages");
    std::fs::create_dir_all(&work).context("target/xtask/sshd")?;
    debian::download(&["openssh-server", "libwrap0"], &work)?;
    for entry in std::fs::read_dir(&work)? {
        let package = entry?.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            shell::run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&work))?;
        }
    }
    let library = place.join("lib");
    std::fs::create_dir_all(&library)?;
    let copy = "cp -a \"$1\"/usr/lib/*/libwrap.so.* \"$2\"/ && cp \"$1\"/usr/sbin/sshd \"$3\"";
    let mut command = Command::new("sh");
    command.args(["-ec", copy, "sh"]).arg(&work).arg(&library).arg(&program);
    shell::run(&mut command)?;
    std::fs::remove_dir_all(&work)?;
    Ok(())
}
