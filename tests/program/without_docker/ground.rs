//! An ordinary user for whom there is no engine, and what is left of their sessions.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::{Context, Project, Renku};

pub(super) const USER: u32 = 4321;

/// How long what was killed may take to be gone on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command of this user, for whom there is no engine.
pub(super) fn renku<'a>(project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
    let words: Vec<&str> = std::iter::once("session").chain(arguments.iter().copied()).collect();
    project.renku(&words).as_login_of(USER, USER).env("DOCKER_HOST", "unix:///nowhere/engine.sock")
}

/// A project of this user, who has this image; its sessions end with it.
pub(super) struct Ground<'a> {
    pub(super) project: Project<'a>,
    image: String,
    home: PathBuf,
}

impl<'a> Ground<'a> {
    pub(super) fn new(context: &'a Context, image: String) -> Self {
        let project = context.project("without-docker");
        project.owned_by(USER, USER);
        let archive = context.folder().join("image.tar");
        let archive = archive.to_str().unwrap();
        let _ = support::docker_ok(&["save", &image, "-o", archive]);
        std::fs::set_permissions(archive, std::fs::Permissions::from_mode(0o644)).unwrap();
        renku(&project, &["image", "load", archive]).run().success();
        std::fs::remove_file(archive).unwrap();
        Self { project, image, home: context.home() }
    }

    /// A small web server.
    pub(super) fn httpd(context: &'a Context) -> Self {
        Self::new(context, support::httpd_image())
    }

    /// The words of a start.
    pub(super) fn words<'b>(&'b self, more: &[&'b str]) -> Vec<&'b str> {
        let start = ["start", "-p", "local", "--yes", "--image", &self.image, "--format", "json"];
        [&start, more].concat()
    }

    /// A session that answers.
    #[track_caller]
    pub(super) fn start(&self, more: &[&str]) -> Started {
        Started::of(&renku(&self.project, &self.words(more)).run().success().json())
    }

    /// A session whose program is a line of shell, which ends with the web server.
    #[track_caller]
    pub(super) fn start_line(&self, context: &Context, line: &str) -> Started {
        let line = format!("{line}; exec httpd -f -p 8080 -h /www");
        let command = serde_json::json!(["sh", "-c", line]);
        let config = context.config(&format!("command: {command}\nport: 8080\n"));
        std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o644)).unwrap();
        self.start(&["--config", &config])
    }

    /// The state of a session, as everybody sees it.
    #[track_caller]
    pub(super) fn status(&self, name: &str) -> String {
        let list = renku(&self.project, &["ls", "-p", "local", "--format", "json"]).run();
        let list = list.success().json();
        let rows = list["sessions"].as_array().unwrap();
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        row["status"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(super) fn stop(&self, name: &str) {
        let _ = renku(&self.project, &["stop", "-p", "local", "--yes", name]).run().success();
    }

    /// Where a session keeps what it has.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.sessions().join(name)
    }

    fn sessions(&self) -> PathBuf {
        self.home.join(".local/state/renku/sessions")
    }

    /// What is left on the disk.
    pub(super) fn left(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.sessions()).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Ground<'_> {
    fn drop(&mut self) {
        let _ = renku(&self.project, &["stop", "-p", "local", "--all", "--yes"]).run();
    }
}

/// A session that was started.
pub(super) struct Started {
    pub(super) name: String,
    pub(super) url: String,
}

impl Started {
    pub(super) fn of(printed: &serde_json::Value) -> Self {
        let text = |key: &str| printed["session"][key].as_str().unwrap_or_default().to_owned();
        Self { name: text("name"), url: text("url") }
    }

    /// Where its program listens on this machine.
    pub(super) fn address(&self) -> &str {
        self.url.trim_start_matches("http://").split('/').next().unwrap()
    }

    /// Whether somebody listens there.
    pub(super) fn listens(&self) -> bool {
        std::net::TcpStream::connect(self.address()).is_ok()
    }
}

/// The processes of this machine that have `text` in their command line.
pub(super) fn processes_with(text: &str) -> Vec<(i32, String)> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|it| {
        let number = it.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read(it.path().join("cmdline")).ok()?;
        Some((number, String::from_utf8_lossy(&line).replace('\0', " ")))
    });
    lines.filter(|(_, line)| line.contains(text)).collect()
}

/// The supervisor of a session.
#[track_caller]
pub(super) fn supervisor_of(folder: &Path) -> i32 {
    let found = processes_with(folder.to_str().unwrap());
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].0
}

pub(super) fn kill(process: i32) {
    let status = std::process::Command::new("kill").args(["-KILL", &process.to_string()]).status();
    assert!(status.unwrap().success());
}

/// Waits until something is so.
#[track_caller]
pub(super) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
