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
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::{MemfdFlags, SeekFrom};
use rustix::io::FdFlags;

use super::begun::{Begun, command, tried};
use crate::files::below::{Folder, Kind};
use crate::mounts::{Content, Files};
use crate::program::Program;

/// `bwrap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bubblewrap {
    pub(crate) version: String,
}

impl Bubblewrap {
    pub(crate) const NAME: &str = "bubblewrap";

    const PROGRAM: &str = "bwrap";

    /// The one on `PATH`, when it works.
    ///
    /// # Errors
    ///
    /// In words, why it does not.
    pub(crate) async fn find() -> Result<Self, String> {
        let line = tried(command(Self::PROGRAM).arg("--version")).await?;
        let version = line.strip_prefix("bubblewrap ").unwrap_or(&line).to_owned();
        let mut trial = command(Self::PROGRAM);
        trial.args(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]);
        trial.args(BOX).args(["--", "/bin/sh", "-c", ":"]).stdin(Stdio::null());
        tried(&mut trial).await.map_err(|reason| match reason.contains("uid map") {
            true => format!("{reason} (this system lets only programs with a profile do that)"),
            false => reason,
        })?;
        Ok(Self { version })
    }

    /// Starts a program in a box.
    pub(crate) fn start(&self, program: &Program, output: io::PipeWriter) -> io::Result<Begun> {
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
        let mut command = command(Self::PROGRAM);
        command
            .arg("--args")
            .arg(inherited(&file)?)
            .arg("--info-fd")
            .arg(inherited(&reported)?)
            .arg("--")
            .args(&program.words)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .kill_on_drop(true);
        Ok(Begun { child: command.spawn()?, report })
    }
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
    lay(&program.files, &Layer::of(&program.files.root)?, &mut options)?;
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

/// A folder of the image, and where it is in the box.
struct Layer {
    folder: Folder,
    source: PathBuf,
    target: String,
}

impl Layer {
    fn of(root: &Path) -> io::Result<Self> {
        let (folder, source) = (Folder::at(root)?, root.to_owned());
        Ok(Self { folder, source, target: String::new() })
    }
}

/// Lays a folder of the image. One with a mount below it is made anew of its parts: the
/// place of a mount cannot be made in files that are for reading alone.
fn lay(files: &Files, layer: &Layer, options: &mut Vec<OsString>) -> io::Result<()> {
    for name in layer.folder.names()? {
        let Some(seen) = layer.folder.look(&name)? else { continue };
        let source = layer.source.join(&name);
        let mut target = OsString::from(format!("{}/", layer.target));
        target.push(&name);
        let place = target.to_string_lossy().into_owned();
        if files.covers(&place) {
            continue;
        }
        match (seen.kind, files.opens(&place)) {
            (Kind::Link, true) => {
                return Err(io::Error::other(format!("`{place}` is a symbolic link in the image")));
            }
            (Kind::Link, false) => {
                let to = layer.folder.target(&name)?.into_os_string();
                options.extend(["--symlink".into(), to, target]);
            }
            (Kind::Folder, true) => {
                options.extend(["--dir".into(), target]);
                let folder = layer.folder.folder(&name)?;
                lay(files, &Layer { folder, source, target: place }, options)?;
            }
            _ => options.extend(["--ro-bind".into(), source.into_os_string(), target]),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

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
        let program = Program { files, environment, directory: "/work/x".into(), words };
        let options: Vec<String> =
            options(&program).unwrap().into_iter().map(|it| it.into_string().unwrap()).collect();
        let shown = options.join(" ").replace(root.to_str().unwrap(), "IMAGE");
        assert_eq!(
            shown,
            "--unshare-user --unshare-pid --unshare-ipc --unshare-uts --die-with-parent \
             --clearenv --setenv JUPYTER_TOKEN s3cret \
             --symlink usr/bin /bin --dir /home --ro-bind IMAGE/usr /usr \
             --dev /dev --bind /state/home /home/jovyan --proc /proc --tmpfs /tmp \
             --bind /project /work/x --remount-ro / --chdir /work/x"
        );
    }

    #[test]
    fn a_link_of_the_image_is_never_the_way_to_a_mount() {
        let image = tempfile::tempdir().unwrap();
        symlink("/etc", image.path().join("home")).unwrap();
        let mut files = Files::of(image.path());
        files.mount("/home/jovyan", Content::Temporary);
        let layer = Layer::of(image.path()).unwrap();
        let error = lay(&files, &layer, &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "`/home` is a symbolic link in the image");
    }
}
