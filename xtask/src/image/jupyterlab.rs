//! The image with a real JupyterLab: the public one where a registry can be
//! reached, else the Python of Debian 12 with wheels from the Python package index.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask_common::shell::{self, say};

use super::rootfs::Rootfs;
use super::{derived, registry};
use crate::{debian, python};

/// The host of the public image, and the image.
const PUBLIC_REGISTRY: &str = "quay.io";
const PUBLIC_IMAGE: &str = "quay.io/jupyter/minimal-notebook:latest";

/// Of Debian 12: the interpreter, all that it and the wheels are linked with, an
/// init, a shell.
const PACKAGES: [&str; 37] = [
    "libc6",
    "libgcc-s1",
    "libstdc++6",
    "libcrypt1",
    "zlib1g",
    "libbz2-1.0",
    "liblzma5",
    "libexpat1",
    "libffi8",
    "libssl3",
    "libuuid1",
    "libsqlite3-0",
    "libreadline8",
    "libtinfo6",
    "libncursesw6",
    "libnsl2",
    "libtirpc3",
    "libgssapi-krb5-2",
    "libkrb5-3",
    "libk5crypto3",
    "libkrb5support0",
    "libcom-err2",
    "libkeyutils1",
    "libpython3.11-minimal",
    "libpython3.11-stdlib",
    "python3.11-minimal",
    "media-types",
    "ca-certificates",
    "busybox-static",
    "tini",
    "bash",
    "libselinux1",
    "libpcre2-8-0",
    "netbase",
    "tzdata",
    "readline-common",
    "base-files",
];
const WHEELS: [&str; 3] = ["jupyterlab>=4,<5", "ipykernel", "pip"];

/// Where Debian's Python looks for what its own packages did not bring.
const SITE: &str = "usr/local/lib/python3.11/dist-packages";
/// The user of the public image, so that sessions are alike.
const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\njovyan:x:1000:100:jovyan:/home/jovyan:/bin/bash\n\
     nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
const GROUP: &str = "root:x:0:\nusers:x:100:\nnogroup:x:65534:\n";
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";

/// Whether the public image can be had.
pub(super) fn can_be_pulled() -> bool {
    registry::is_reachable(PUBLIC_REGISTRY)
}

/// Makes `image`, with `label`; `work` is for files on the way.
///
/// # Errors
///
/// When there is neither a registry nor Debian 12, or one of the steps fails.
pub(super) fn make(image: &str, label: &str, work: &Path) -> Result<()> {
    let local = can_be_made_here();
    if local.is_err() || can_be_pulled() {
        match registry::pull(PUBLIC_IMAGE) {
            Ok(()) => return derived::labelled(image, PUBLIC_IMAGE, label),
            // Both reasons: whichever is easier to remove will do.
            Err(error) => local.context(format!("{error:#}"))?,
        }
        say("the registry does not give its image: making one from packages");
    } else {
        say(&format!(
            "no connection to {PUBLIC_REGISTRY}: making the image from packages, in half a minute"
        ));
    }
    from_packages(image, label, work)
}

/// Whether this machine has what it takes to make the image from packages.
fn can_be_made_here() -> Result<()> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_12 = release.lines().any(|line| line == "VERSION_CODENAME=bookworm");
    if !(debian::is_debian() && is_12 && debian::is_root()) {
        bail!("without a registry the image can only be made on Debian 12, as root");
    }
    if python::with_pip().is_none() {
        bail!("pip is missing: `cargo xtask setup` installs it");
    }
    Ok(())
}

fn from_packages(image: &str, label: &str, work: &Path) -> Result<()> {
    let rootfs = Rootfs::new(work)?;
    // Both wait for the network most of the time, and write to different places.
    std::thread::scope(|scope| {
        let wheels = scope.spawn(|| install_wheels(&rootfs));
        let packages = rootfs.unpack_packages(&PACKAGES);
        let wheels = wheels.join().unwrap_or_else(|_| bail!("pip was interrupted"));
        packages.and(wheels)
    })?;
    finish(&rootfs)?;
    compile(&rootfs)?;
    rootfs.import(
        image,
        &[
            "ENV PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 SHELL=/bin/bash HOME=/home/jovyan NB_USER=jovyan \
             NB_UID=1000 NB_GID=100 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            "USER 1000:100",
            "WORKDIR /home/jovyan",
            "EXPOSE 8888",
            // -s: it also reaps where the engine's own init is process 1.
            r#"ENTRYPOINT ["tini","-s","--"]"#,
            r#"CMD ["jupyter","lab","--ip=0.0.0.0","--port=8888","--no-browser"]"#,
            &format!("LABEL {label}"),
        ],
    )
}

/// JupyterLab and what it depends on, as wheels for the image's interpreter.
fn install_wheels(rootfs: &Rootfs) -> Result<()> {
    let python = python::with_pip().context("pip is missing")?;
    let architecture = std::env::consts::ARCH;
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
    ]);
    pip.args(["--no-compile", "--no-warn-conflicts", "--only-binary=:all:"]);
    pip.args(["--implementation=cp", "--python-version=3.11", "--abi=cp311"]);
    for platform in ["manylinux2014", "manylinux_2_17", "manylinux_2_28"] {
        pip.arg(format!("--platform={platform}_{architecture}"));
    }
    shell::run(pip.arg("--target").arg(rootfs.path(SITE)).args(WHEELS))?;
    // `--target` puts beside the modules what belongs to the prefix.
    for directory in ["share", "etc"] {
        let source = rootfs.path(&format!("{SITE}/{directory}"));
        if source.is_dir() {
            rootfs.make_directory("usr/local", 0o755)?;
            fs::rename(&source, rootfs.path(&format!("usr/local/{directory}")))?;
        }
    }
    install_scripts(rootfs)
}

/// The commands of the wheels, whose first line names the Python that ran pip.
fn install_scripts(rootfs: &Rootfs) -> Result<()> {
    let source = rootfs.path(&format!("{SITE}/bin"));
    for entry in fs::read_dir(&source).context("the wheels brought no commands")? {
        let entry = entry?;
        let script = fs::read_to_string(entry.path())
            .with_context(|| format!("`{}` is not a script", entry.path().display()))?;
        let body = script.split_once('\n').map_or("", |(_, body)| body);
        let target = format!("usr/local/bin/{}", entry.file_name().to_string_lossy());
        rootfs.write(&target, format!("#!/usr/bin/python3\n{body}").as_bytes())?;
        fs::set_permissions(rootfs.path(&target), fs::Permissions::from_mode(0o755))?;
    }
    Ok(fs::remove_dir_all(source)?)
}

/// What the packages' own scripts would have done, and the user.
fn finish(rootfs: &Rootfs) -> Result<()> {
    rootfs.link_applets()?;
    symlink("python3.11", rootfs.path("usr/bin/python3"))?;
    symlink("python3", rootfs.path("usr/bin/python"))?;
    rootfs.write("etc/passwd", PASSWD.as_bytes())?;
    rootfs.write("etc/group", GROUP.as_bytes())?;
    rootfs.write("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")?;
    // This machine's own authorities, so that pip works in a session where it works here.
    let certificates = Path::new("/").join(CERTIFICATES);
    rootfs.write(CERTIFICATES, &fs::read(certificates).unwrap_or_default())?;
    rootfs.make_directory("home/jovyan", 0o755)?;
    Ok(chown(rootfs.path("home/jovyan"), Some(1000), Some(100))?)
}

/// Compiles the modules once, which every start of a container saves a second by.
fn compile(rootfs: &Rootfs) -> Result<()> {
    let mut command = Command::new("chroot");
    command.arg(rootfs.path("")).args(["/usr/bin/python3", "-m", "compileall", "-q"]);
    // One job: more need /dev/shm, which is not there. Test files with broken syntax make it fail.
    command.args(["-j1", "/usr/lib/python3.11", "/usr/local/lib/python3.11"]);
    shell::succeeds(&mut command);
    if !rootfs.path(&format!("{SITE}/jupyterlab/__pycache__")).is_dir() {
        bail!("Python does not run in the new image: `{}`", shell::shown(&command));
    }
    Ok(())
}
