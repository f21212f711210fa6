//! A project on one of the engines.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::{Duration, Instant};

use support::{Context, Project, Renku, httpd_image};

const USER: u32 = 4321;
const PATIENCE: Duration = Duration::from_secs(60);

/// An engine of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Memory,
    Docker,
    Bubblewrap,
    Runc,
}

impl Engine {
    pub(super) const ALL: [Self; 4] = [Self::Memory, Self::Docker, Self::Bubblewrap, Self::Runc];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Memory => "in memory (tests)",
            Self::Docker => "Docker",
            Self::Bubblewrap => "none: bubblewrap",
            Self::Runc => "none: runc",
        }
    }

    pub(super) fn context(self) -> Context {
        match self {
            Self::Memory => Context::in_memory(),
            Self::Docker | Self::Bubblewrap | Self::Runc => Context::docker(),
        }
    }

    /// The runtime, where there is no engine.
    fn runtime(self) -> Option<&'static str> {
        match self {
            Self::Bubblewrap => Some("bubblewrap"),
            Self::Runc => Some("runc"),
            Self::Memory | Self::Docker => None,
        }
    }
}

/// A project and its user on an engine, which has a small web server as an image.
pub(super) struct Ground<'a> {
    pub(super) engine: Engine,
    context: &'a Context,
    pub(super) project: Project<'a>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(context: &'a Context, engine: Engine) -> Self {
        let ground = Self { engine, context, project: context.project("analysis") };
        ground.give(&ground.project);
        if engine.runtime().is_some() {
            let archive = context.folder().join("image.tar");
            let path = archive.to_str().unwrap();
            let _ = support::docker_ok(&["save", &httpd_image(), "-o", path]);
            readable(path);
            let _ = ground.renku(&["image", "load", path]).run().success();
        }
        ground
    }

    /// Another project of the same user.
    pub(super) fn another(&self) -> Project<'a> {
        let project = self.context.project("other");
        self.give(&project);
        project
    }

    fn give(&self, project: &Project<'_>) {
        if self.engine.runtime().is_some() {
            project.owned_by(USER, USER);
        }
    }

    /// Who the user is.
    pub(super) fn user(&self) -> u32 {
        match self.engine.runtime() {
            Some(_) => USER,
            None => self.project.root().metadata().unwrap().uid(),
        }
    }

    /// A command in the project.
    pub(super) fn renku(&self, arguments: &[&str]) -> Renku<'a> {
        self.renku_in(&self.project, arguments)
    }

    pub(super) fn renku_in(&self, project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
        let words: Vec<&str> =
            std::iter::once("session").chain(arguments.iter().copied()).collect();
        let renku = project.renku(&words);
        match self.engine.runtime() {
            Some(_) => renku.as_login_of(USER, USER).env("DOCKER_HOST", "unix:///nowhere/x.sock"),
            None => renku,
        }
    }

    /// The words of a start whose program is a line of shell, which ends with the server.
    pub(super) fn words(&self, line: &str, more: &[&str]) -> Vec<String> {
        self.words_of(&format!("{line}; exec httpd -f -p 8080 -h /www"), more)
    }

    /// The same of a program that does anything else.
    pub(super) fn words_of(&self, line: &str, more: &[&str]) -> Vec<String> {
        let command = serde_json::json!(["/bin/sh", "-c", line]);
        let config = self.context.config(&format!("command: {command}\nport: 8080\n"));
        readable(&config);
        let image = httpd_image();
        let mut words =
            vec!["start", "--yes", "--format", "json", "--image", &image, "-c", &config];
        if let Some(runtime) = self.engine.runtime() {
            words.extend(["-p", "local", "--runtime", runtime]);
        }
        words.extend(more);
        words.into_iter().map(str::to_owned).collect()
    }

    #[track_caller]
    pub(super) fn start(&self, line: &str, more: &[&str]) -> Started {
        let words = self.words(line, more);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Started::of(&self.renku(&words).run().success().json()["session"])
    }

    /// The sessions of a project: name and status.
    #[track_caller]
    pub(super) fn list(&self, project: &Project<'a>) -> Vec<(String, String)> {
        let mut words = vec!["ls", "--format", "json"];
        if self.engine.runtime().is_some() {
            words.extend(["-p", "local"]);
        }
        let listed = self.renku_in(project, &words).run().success().json();
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
        let rows = listed["sessions"].as_array().unwrap().iter();
        rows.map(|row| (text(row, "name"), text(row, "status"))).collect()
    }

    /// A command about a session.
    pub(super) fn about(&self, command: &str, name: &str) -> Renku<'a> {
        self.about_in(&self.project, command, name)
    }

    /// The same, said in another project.
    pub(super) fn about_in(&self, project: &Project<'a>, command: &str, name: &str) -> Renku<'a> {
        let mut words = vec![command, name];
        if self.engine.runtime().is_some() {
            words.extend(["-p", "local"]);
        }
        self.renku_in(project, &words)
    }
}

impl Drop for Ground<'_> {
    fn drop(&mut self) {
        // What Docker has goes with the context.
        if self.engine.runtime().is_some() {
            let _ = self.renku(&["stop", "-p", "local", "--all", "--all-projects", "--yes"]).run();
        }
    }
}

/// A session that was started.
pub(super) struct Started {
    pub(super) name: String,
    pub(super) url: String,
}

impl Started {
    fn of(session: &serde_json::Value) -> Self {
        let text = |key: &str| session[key].as_str().unwrap_or_default().to_owned();
        Self { name: text("name"), url: text("url") }
    }

    pub(super) fn listens(&self) -> bool {
        let place = self.url.trim_start_matches("http://").split('/').next().unwrap();
        std::net::TcpStream::connect(place).is_ok()
    }
}

fn readable(path: &str) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
}

/// Waits until something is so.
#[track_caller]
pub(super) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
