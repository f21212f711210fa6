//! A git project to stand in.

use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::context::{Context, open_to_all};
use crate::outcome::Run;
use crate::run::Renku;

/// The date of every commit, so that commits are the same in every run.
pub const FIXED_DATE: &str = "2026-01-02T03:04:05Z";

/// A git project in a folder of the test's own.
pub struct Project<'a> {
    context: &'a Context,
    root: PathBuf,
}

impl<'a> Project<'a> {
    pub(crate) fn new(context: &'a Context, name: &str) -> Self {
        let parent =
            tempfile::Builder::new().prefix("p").tempdir_in(context.folder()).unwrap().keep();
        open_to_all(&parent);
        let root = parent.join(name);
        std::fs::create_dir(&root).unwrap();
        let project = Self { context, root: root.canonicalize().unwrap() };
        context.engine.project(project.id());
        project.git(&["init", "-q", "-b", "main"]);
        project.write("Dockerfile", &format!("FROM {}\n", crate::jupyter_image()));
        // Two tests must not build the same commit: they would share an image.
        project.write(".test", &project.id());
        project.commit();
        project
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What its containers are labelled with: the digest of its root.
    #[must_use]
    pub fn id(&self) -> String {
        use std::os::unix::ffi::OsStrExt as _;
        let digest = Sha256::digest(self.root.as_os_str().as_bytes());
        crate::hexadecimal(&digest)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Reads a file.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.root.join(name)).unwrap()
    }

    pub fn commit(&self) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "work"]);
        self
    }

    /// Runs git in the project, as somebody with a name.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org"])
            // Also in a project that was given to another user.
            .args(["-c", "safe.directory=*"])
            .args(arguments)
            .env("GIT_AUTHOR_DATE", FIXED_DATE)
            .env("GIT_COMMITTER_DATE", FIXED_DATE)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Gives the project to another user (root only).
    pub fn owned_by(&self, uid: u32, gid: u32) -> &Self {
        let status = Command::new("chown")
            .args(["-R", &format!("{uid}:{gid}")])
            .arg(self.root.parent().unwrap())
            .status()
            .unwrap();
        assert!(status.success());
        self
    }

    /// `renku` in this project.
    #[must_use]
    pub fn renku(&self, arguments: &[&str]) -> Renku<'a> {
        self.context.renku(&self.root, arguments)
    }

    /// A line of `sh` in this project, with `renku` in the path.
    #[must_use]
    pub fn shell(&self, line: &str) -> Renku<'a> {
        self.context.shell(&self.root, line)
    }

    /// `renku session …` in this project, to its end.
    #[must_use]
    #[track_caller]
    pub fn session(&self, arguments: &[&str]) -> Run {
        let mut all = vec!["session"];
        all.extend(arguments);
        self.renku(&all).run()
    }

    /// What `renku session …` prints, with its exit status, when it must leave no
    /// container of this project.
    #[must_use]
    #[track_caller]
    pub fn leaves_nothing(&self, arguments: &[&str]) -> String {
        let printed = self.session(arguments).snapshot();
        assert_eq!(self.containers(), Vec::<String>::new(), "{printed}");
        printed
    }

    /// Starts a session and gives its JSON.
    #[must_use]
    #[track_caller]
    pub fn start(&self, arguments: &[&str]) -> serde_json::Value {
        let mut all = vec!["start", "--yes", "--format", "json"];
        all.extend(arguments);
        self.session(&all).success().json()["session"].clone()
    }

    /// The containers of this project in the engine, by name.
    #[must_use]
    pub fn containers(&self) -> Vec<String> {
        self.context.engine.containers(&self.id())
    }

    /// Builds an image as somebody without `renku` does, and gives its id. It goes
    /// with the project.
    #[must_use]
    #[track_caller]
    pub fn foreign_image(&self, name: &str, dockerfile: &str) -> String {
        let folder = tempfile::tempdir_in(self.context.folder()).unwrap();
        std::fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
        let label = format!("io.renku.session.project={}", self.id());
        let path = folder.path().display().to_string();
        let _ = crate::docker_ok(&["build", "-q", "--label", &label, "-t", name, &path]);
        crate::docker_ok(&["image", "inspect", "-f", "{{.Id}}", name])
    }

    /// The volumes of this project in the engine, by name.
    #[must_use]
    pub fn volumes(&self) -> Vec<String> {
        self.context.engine.volumes(&self.id())
    }
}
