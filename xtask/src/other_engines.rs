//! What the tests of other engines need: Podman with its helpers, an ordinary
//! user with sub-ids for rootless containers, and an sshd that no service runs.
//! The engines themselves are started and ended by the tests.

use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_common::{in_target, shell};

use crate::debian;

/// The user of rootless engines and of ssh; also in `tests/support/engines.rs`.
pub(crate) const USER: &str = "renku-test";
/// Debian's packages for a Podman of root's, and the program that shows that one is
/// there.
pub(crate) const PACKAGES: [(&str, &str); 6] = [
    ("podman", "podman"),
    ("runc", "runc"),
    ("catatonit", "catatonit"),
    ("netavark", "/usr/lib/podman/netavark"),
    ("aardvark-dns", "/usr/lib/podman/aardvark-dns"),
    ("openssl", "openssl"),
];
/// Those for engines of the user's.
pub(crate) const PACKAGES_OF_ACCOUNT: [(&str, &str); 5] = [
    ("slirp4netns", "slirp4netns"),
    ("uidmap", "newuidmap"),
    ("iproute2", "ip"),
    ("openssh-client", "ssh"),
    ("passwd", "useradd"),
];
/// Where the unpacked sshd is, in the target directory; also in `tests/support/engines.rs`.
const SSHD: &str = "xtask/sshd";

/// Whether the user is there.
pub(crate) fn has_user() -> bool {
    shell::succeeds(Command::new("id").arg(USER))
}

/// Makes the user. `useradd` gives an ordinary one sub-ids (`SUB_UID_COUNT` of
/// login.defs(5)) where the files for them exist.
///
/// # Errors
///
/// When that is not allowed.
pub(crate) fn user() -> Result<()> {
    for file in ["/etc/subuid", "/etc/subgid"] {
        std::fs::OpenOptions::new().create(true).append(true).open(file).context(file)?;
    }
    shell::run(Command::new("useradd").args(["--create-home", "--shell", "/bin/sh", USER]))
}

/// Whether there is an sshd for tests.
///
/// # Errors
///
/// When this program was moved out of cargo's target directory.
pub(crate) fn has_sshd() -> Result<bool> {
    Ok(in_target(SSHD)?.join("sshd").exists())
}

/// Debian's sshd, unpacked: installed, its package would start a service.
///
/// # Errors
///
/// When the package is not to be had.
pub(crate) fn sshd() -> Result<()> {
    let place = in_target(SSHD)?;
    let work = place.join("packages");
    std::fs::create_dir_all(&work).context(SSHD)?;
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
    command.args(["-ec", copy, "sh"]).arg(&work).arg(&library).arg(place.join("sshd"));
    shell::run(&mut command)?;
    std::fs::remove_dir_all(&work)?;
    Ok(())
}
