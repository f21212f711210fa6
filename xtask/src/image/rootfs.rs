//! A root file system put together from Debian packages, without the package
//! database and without running any of their scripts, and imported as an image.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use xtask_common::{log, shell};

use crate::{debian, engine};

/// What no container needs. EXTERNALLY-MANAGED would forbid pip (PEP 668).
const LEFT_OUT: [&str; 5] = [
    "./usr/share/doc/*",
    "./usr/share/man/*",
    "./usr/share/locale/*",
    "./usr/share/lintian/*",
    "./usr/lib/python3*/EXTERNALLY-MANAGED",
];

/// The programs of busybox that an image gets where it has no better ones.
const APPLETS: &str = "awk cat chgrp chmod chown cp cut date df dirname basename du echo env expr false find grep \
     gunzip gzip head hostname httpd id kill less ln ls mkdir mktemp mv nc ps pwd readlink rm rmdir sed seq sh sleep \
     sort stat su sync tail tar tee test touch tr true tty uname uniq vi wc wget which whoami xargs";

/// A directory that becomes the root of an image, removed with this value.
pub(super) struct Rootfs {
    directory: tempfile::TempDir,
}

impl Rootfs {
    /// An empty one below `work`, with the directories and links of a Debian whose
    /// `/bin` and `/lib` are those of `/usr`: the packages expect them.
    ///
    /// # Errors
    ///
    /// When this user may not make files that belong to root, or the disk is full.
    pub(super) fn new(work: &Path) -> Result<Self> {
        if !debian::is_root() {
            bail!("only root can put the image together: run `sudo cargo xtask image`");
        }
        let directory = tempfile::Builder::new().prefix("rootfs-").tempdir_in(work)?;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))?;
        let rootfs = Self { directory };
        for path in [
            "usr/bin",
            "usr/sbin",
            "usr/lib",
            "usr/lib64",
            "etc",
            "proc",
            "sys",
            "dev",
            "run",
            "root",
        ] {
            rootfs.make_directory(path, 0o755)?;
        }
        for path in ["tmp", "var/tmp"] {
            rootfs.make_directory(path, 0o1777)?;
        }
        for name in ["bin", "sbin", "lib", "lib64"] {
            symlink(format!("usr/{name}"), rootfs.path(name))?;
        }
        Ok(rootfs)
    }

    /// Where a path of the image is here. The path has no leading slash.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.directory.path().join(inside)
    }

    /// Makes a directory with this mode.
    pub(super) fn make_directory(&self, inside: &str, mode: u32) -> Result<()> {
        let path = self.path(inside);
        fs::create_dir_all(&path)?;
        Ok(fs::set_permissions(&path, fs::Permissions::from_mode(mode))?)
    }

    /// Writes a file, its directories included.
    pub(super) fn write(&self, inside: &str, content: &[u8]) -> Result<()> {
        let path = self.path(inside);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, content).with_context(|| format!("`{}`", path.display()))
    }

    /// Downloads packages and unpacks them here.
    ///
    /// # Errors
    ///
    /// When one is not to be had or cannot be unpacked.
    pub(super) fn unpack_packages(&self, packages: &[&str]) -> Result<()> {
        let debs = tempfile::tempdir()?;
        debian::download(packages, debs.path())?;
        for entry in fs::read_dir(debs.path())? {
            let mut dpkg = Command::new("dpkg-deb");
            dpkg.arg("--fsys-tarfile").arg(entry?.path());
            let mut tar = Command::new("tar");
            tar.args(["-x", "--keep-directory-symlink"]).arg("-C").arg(self.directory.path());
            tar.args(LEFT_OUT.map(|pattern| format!("--exclude={pattern}")));
            pipe(&mut dpkg, &mut tar)?;
        }
        Ok(())
    }

    /// Gives the image a shell and small programs: links to busybox, beside what
    /// the packages brought.
    pub(super) fn link_applets(&self) -> Result<()> {
        for name in APPLETS.split_whitespace() {
            let path = self.path(&format!("usr/bin/{name}"));
            if path.symlink_metadata().is_err() {
                symlink("busybox", path)?;
            }
        }
        Ok(())
    }

    /// Imports it as `image`, with the instructions of a Dockerfile (`ENV`, `CMD` …).
    ///
    /// # Errors
    ///
    /// When the engine refuses.
    pub(super) fn import(&self, image: &str, instructions: &[&str]) -> Result<()> {
        let mut tar = Command::new("tar");
        // Whatever umask this program has, every user of a container may read the files.
        tar.arg("-C").arg(self.directory.path()).args([
            "--numeric-owner",
            "--mode=a+rX",
            "-c",
            ".",
        ]);
        let mut import = engine::docker();
        import.arg("import");
        for instruction in instructions {
            import.args(["--change", instruction]);
        }
        pipe(&mut tar, import.args(["-", image]))
    }
}

/// Runs two commands, the output of the first being the input of the second.
fn pipe(from: &mut Command, to: &mut Command) -> Result<()> {
    let start = |command: &mut Command| {
        command.stderr(log::stdio()?);
        command.spawn().with_context(|| format!("`{}` cannot be run", shell::shown(command)))
    };
    let mut source = start(from.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let stream = source.stdout.take().context("a pipe is missing")?;
    let sink = start(to.stdin(stream).stdout(Stdio::null())).map(|mut sink| sink.wait());
    // Its pipe is closed by now, so it ends whatever became of the other.
    let produced = source.wait()?;
    let consumed = sink??;
    if !consumed.success() {
        bail!("`{}` failed: {consumed}", shell::shown(to));
    }
    if !produced.success() {
        bail!("`{}` failed: {produced}", shell::shown(from));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_on_either_side_of_a_pipe_is_named() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        assert!(pipe(&mut shell("echo a"), &mut shell("grep -q a")).is_ok());
        let failed = |from, to| pipe(&mut shell(from), &mut shell(to)).unwrap_err().to_string();
        assert_eq!(failed("exit 3", "cat"), "`sh -c 'exit 3'` failed: exit status: 3");
        assert_eq!(failed("echo a", "cat; exit 4"), "`sh -c 'cat; exit 4'` failed: exit status: 4");
    }
}
