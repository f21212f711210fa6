//! runc, from 1.1 on, without being root: a folder with a `config.json` of the OCI runtime
//! specification (v1.0.2) is a box. It passes signals on.
//!
//! Without rows in `/etc/subuid` only one user is in the box, and that is its root; on
//! this machine it is the user. `runc` does not end with who started it, so what a killed
//! supervisor leaves is ended by name.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Value, json};
use tokio::process::Command;

use super::begun::{Begun, Way, command, tried};
use crate::files::below::Folder;
use crate::layout::{Part, parts};
use crate::mounts::{Content, Mount};
use crate::program::Program;

pub(super) const NAME: &str = "runc";
const PROGRAM: &str = "runc";
/// Where the files of the box are laid, and where runc remembers it.
const ROOT: &str = "root";
const STATE: &str = "state";
const CONFIG: &str = "config.json";
/// One box in a folder.
const BOX: &str = "session";

/// Its version, when it works here.
///
/// # Errors
///
/// In words, why it does not.
pub(super) async fn version() -> Result<String, String> {
    let line = tried(command(PROGRAM).arg("--version")).await?;
    let version = line.lines().next().and_then(|line| line.rsplit(' ').next()).unwrap_or_default();
    // The same namespaces, made by a program that every system has.
    let mut trial = command("unshare");
    trial.args(["--user", "--map-root-user", "--pid", "--mount", "--ipc", "--fork", "true"]);
    tried(&mut trial).await?;
    Ok(version.to_owned())
}

/// Starts a program in a box, which is described in `scratch`.
pub(super) fn start(
    program: &Program,
    scratch: &Path,
    output: io::PipeWriter,
) -> io::Result<Begun> {
    let folder = Folder::at(scratch)?;
    folder.make_folder(ROOT.as_ref(), 0o755)?;
    let mut mounts = laid(program, &scratch.join(ROOT))?;
    mounts.extend(program.files.mounts.iter().flat_map(mount));
    let config = serde_json::to_vec(&config(program, &mounts))?;
    folder.create(CONFIG.as_ref(), 0o600)?.write_all(&config)?;
    let mut command = of(scratch);
    command.args(["run", "--bundle"]).arg(scratch).arg(BOX);
    Begun::spawn(command, output, Way::PassedOn)
}

/// Ends what a killed supervisor left.
pub(super) async fn end_left(scratch: &Path) {
    let _ = tried(of(scratch).args(["delete", "--force", BOX])).await;
}

/// What remembers its boxes in `scratch`.
fn of(scratch: &Path) -> Command {
    let mut command = command(PROGRAM);
    command.arg("--root").arg(scratch.join(STATE));
    command
}

/// Makes the places of the image's parts, and says what is mounted there.
fn laid(program: &Program, root: &Path) -> io::Result<Vec<Value>> {
    let mut mounts = Vec::new();
    for part in parts(&program.files)? {
        match part {
            Part::Link { to, target } => {
                let (folder, name) = place(root, target.as_ref())?;
                folder.make_link(&to, &name)?;
            }
            Part::Folder { target } => {
                let (folder, name) = place(root, target.as_ref())?;
                folder.make_folder(&name, 0o755)?;
            }
            Part::Image { source, target } => {
                mounts.push(bind(&source, &target.to_string_lossy(), "ro"));
            }
        }
    }
    Ok(mounts)
}

/// The folder of a place in the box, which was made before, and the name in it.
fn place(root: &Path, target: &Path) -> io::Result<(Folder, OsString)> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let above = target.parent().and_then(|it| it.strip_prefix("/").ok()).unwrap_or(Path::new(""));
    Ok((Folder::at(&root.join(above))?, name.to_owned()))
}

fn mount(mount: &Mount) -> Vec<Value> {
    let target = &mount.target;
    let made = |kind: &str, target: &str, options: &[&str]| {
        json!({
            "destination": target, "type": kind, "source": kind, "options": options,
        })
    };
    match &mount.content {
        // Whoever is in the box is its root, whom every image knows.
        Content::ReadOnly(_) if target == "/etc/passwd" => Vec::new(),
        Content::ReadOnly(source) => vec![bind(source, target, "ro")],
        Content::Writable(source) => vec![bind(source, target, "rw")],
        Content::Temporary => vec![made("tmpfs", target, &["nosuid", "nodev", "mode=1777"])],
        Content::Processes => vec![made("proc", target, &[])],
        Content::Devices => vec![
            made("tmpfs", target, &["nosuid", "strictatime", "mode=755", "size=65536k"]),
            made(
                "devpts",
                &format!("{target}/pts"),
                &["nosuid", "noexec", "newinstance", "mode=0620"],
            ),
            made("tmpfs", &format!("{target}/shm"), &["nosuid", "nodev", "mode=1777"]),
            made("mqueue", &format!("{target}/mqueue"), &["nosuid", "noexec", "nodev"]),
        ],
    }
}

fn bind(source: &Path, target: &str, access: &str) -> Value {
    json!({
        "destination": target, "type": "bind", "source": source,
        "options": ["rbind", "nosuid", "nodev", access],
    })
}

fn config(program: &Program, mounts: &[Value]) -> Value {
    let environment: Vec<String> =
        program.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (user, group) = (rustix::process::getuid(), rustix::process::getgid());
    let mut spaces = vec!["user", "pid", "ipc", "uts", "mount"];
    spaces.extend(program.is_offline.then_some("network"));
    let spaces: Vec<Value> = spaces.into_iter().map(|kind| json!({ "type": kind })).collect();
    let only = |id: u32| json!([{ "containerID": 0, "hostID": id, "size": 1 }]);
    json!({
        "ociVersion": "1.0.2",
        "process": {
            "terminal": false,
            "user": { "uid": 0, "gid": 0 },
            "args": program.words,
            "env": environment,
            "cwd": program.directory,
            "noNewPrivileges": true,
        },
        "root": { "path": ROOT, "readonly": true },
        "mounts": mounts,
        "linux": {
            "namespaces": spaces,
            "uidMappings": only(user.as_raw()),
            "gidMappings": only(group.as_raw()),
            "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mounts::Files;

    #[test]
    fn the_box_has_one_user_and_the_parts_of_the_image_for_reading() {
        let image = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(image.path().join("usr/bin")).unwrap();
        std::fs::create_dir_all(image.path().join("home/jovyan")).unwrap();
        std::os::unix::fs::symlink("usr/bin", image.path().join("bin")).unwrap();
        let mut files = Files::of(image.path());
        files.mount("/home/jovyan", Content::Writable("/state/home".into()));
        let scratch = tempfile::tempdir().unwrap();
        let program = Program {
            files,
            environment: [("A".to_owned(), "b".to_owned())].into(),
            directory: "/".to_owned(),
            words: vec!["true".to_owned()],
            is_offline: false,
        };
        let mounts = laid(&program, scratch.path()).unwrap();
        assert_eq!(mounts.len(), 1);
        assert_eq!(mounts[0]["destination"], "/usr");
        assert_eq!(std::fs::read_link(scratch.path().join("bin")).unwrap(), Path::new("usr/bin"));
        assert!(scratch.path().join("home").is_dir());
        let config = config(&program, &mounts);
        assert_eq!(config["process"]["env"], json!(["A=b"]));
        assert_eq!(config["linux"]["uidMappings"][0]["size"], 1);
        assert_eq!(config["linux"]["namespaces"].as_array().unwrap().len(), 5);
    }
}
