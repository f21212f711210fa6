//! bubblewrap (`bwrap`, from 0.5 on): options are instructions that it carries out one
//! after the other, bwrap(1).
//!
//! They come through a pipe and not as arguments: everybody on the machine can read
//! those, and some have secrets in them. Nothing of the image's environment is in that of
//! bubblewrap itself, which runs outside of the box.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use rustix::fs::{MemfdFlags, SeekFrom};
use rustix::io::FdFlags;

use super::begun::{Begun, Way, command, tried};
use crate::layout::{Part, parts};
use crate::mounts::Content;
use crate::program::Program;

pub(super) const NAME: &str = "bubblewrap";
const PROGRAM: &str = "bwrap";

/// Its version, when it works here.
///
/// # Errors
///
/// In words, why it does not.
pub(super) async fn version() -> Result<String, String> {
    let line = tried(command(PROGRAM).arg("--version")).await?;
    let mut trial = command(PROGRAM);
    trial.args(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]);
    trial.args(BOX).args(["--", "/bin/sh", "-c", ":"]).stdin(Stdio::null());
    tried(&mut trial).await.map_err(|reason| match reason.contains("uid map") {
        true => format!("{reason} (this system lets only programs with a profile do that)"),
        false => reason,
    })?;
    Ok(line.strip_prefix("bubblewrap ").unwrap_or(&line).to_owned())
}

/// Starts a program in a box.
pub(super) fn start(program: &Program, output: io::PipeWriter) -> io::Result<Begun> {
    let options = options(program)?;
    let kept = rustix::fs::memfd_create("options", MemfdFlags::CLOEXEC)?;
    let mut file = std::fs::File::from(kept);
    for option in &options {
        file.write_all(option.as_bytes())?;
        file.write_all(b"\0")?;
    }
    rustix::fs::seek(&file, SeekFrom::Start(0))?;
    let file = OwnedFd::from(file);
    let (report, reported) = io::pipe()?;
    let mut command = command(PROGRAM);
    command.arg("--args").arg(inherited(&file)?);
    command.arg("--info-fd").arg(inherited(&reported)?);
    command.arg("--").args(&program.words);
    Begun::spawn(command, output, Way::Reported(report))
}

/// What a box is: users, processes and messages of its own. The network is that of the
/// machine.
const BOX: [&str; 5] =
    ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"];

/// The number of a file that a program inherits when it is started from here.
fn inherited(file: &impl AsFd) -> io::Result<String> {
    rustix::io::fcntl_setfd(file, FdFlags::empty())?;
    Ok(file.as_fd().as_raw_fd().to_string())
}

/// The instructions that make the box.
fn options(program: &Program) -> io::Result<Vec<OsString>> {
    let mut options: Vec<OsString> = BOX.into_iter().map(OsString::from).collect();
    options.push("--clearenv".into());
    for (name, value) in &program.environment {
        options.extend(["--setenv", name, value].map(OsString::from));
    }
    if program.is_offline {
        options.push("--unshare-net".into());
    }
    for part in parts(&program.files)? {
        options.extend(match part {
            Part::Link { to, target } => ["--symlink".into(), to.into_os_string(), target],
            Part::Image { source, target } => ["--ro-bind".into(), source.into_os_string(), target],
            Part::Folder { target } => {
                options.extend(["--dir".into(), target]);
                continue;
            }
        });
    }
    for mount in &program.files.mounts {
        let target = OsString::from(&mount.target);
        match &mount.content {
            Content::ReadOnly(source) => {
                options.extend(["--ro-bind".into(), source.into(), target])
            }
            Content::Writable(source) => options.extend(["--bind".into(), source.into(), target]),
            Content::Temporary => options.extend(["--tmpfs".into(), target]),
            Content::Devices => options.extend(["--dev".into(), target]),
            Content::Processes => options.extend(["--proc".into(), target]),
        }
    }
    options.extend(["--remount-ro", "/", "--chdir"].map(OsString::from));
    options.push(OsString::from(&program.directory));
    Ok(options)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::mounts::Files;

    #[test]
    fn an_image_is_laid_in_as_few_parts_as_its_mounts_need() {
        let image = tempfile::tempdir().unwrap();
        let root = image.path();
        for folder in ["home/jovyan", "usr/bin", "tmp"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        symlink("usr/bin", root.join("bin")).unwrap();
        let mut files = Files::of(root);
        files.mount("/home/jovyan", Content::Writable("/state/home".into()));
        files.mount("/work/x", Content::Writable("/project".into()));
        let environment = [("JUPYTER_TOKEN".to_owned(), "s3cret".to_owned())].into();
        let words = vec!["sh".to_owned()];
        let directory = "/work/x".to_owned();
        let program = Program { files, environment, directory, words, is_offline: true };
        let options: Vec<String> =
            options(&program).unwrap().into_iter().map(|it| it.into_string().unwrap()).collect();
        let shown = options.join(" ").replace(root.to_str().unwrap(), "IMAGE");
        assert_eq!(
            shown,
            "--unshare-user --unshare-pid --unshare-ipc --unshare-uts --die-with-parent \
             --clearenv --setenv JUPYTER_TOKEN s3cret --unshare-net \
             --symlink usr/bin /bin --dir /home --ro-bind IMAGE/usr /usr \
             --dev /dev --bind /state/home /home/jovyan --proc /proc --tmpfs /tmp \
             --bind /project /work/x --remount-ro / --chdir /work/x"
        );
    }
}
