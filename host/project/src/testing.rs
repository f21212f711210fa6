//! A git repository for the tests of this room.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::git;

pub(super) struct Repository {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Repository {
    /// A repository called `analysis` on the branch `main`, without a commit.
    pub(super) fn empty() -> Self {
        Self::stored(&[])
    }

    /// The same, made with options of `git init`.
    pub(super) fn stored(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("analysis");
        std::fs::create_dir(&root).unwrap();
        let repository = Self { _folder: folder, root };
        repository.git(&[&["init", "-q", "-b", "main"], options].concat());
        repository.git(&["config", "user.name", "Jane Doe"]);
        repository.git(&["config", "user.email", "jane@example.org"]);
        repository.git(&["config", "commit.gpgsign", "false"]);
        repository
    }

    /// One whose `main` is pushed to a bare repository, and the path of that.
    pub(super) fn with_remote() -> (Self, String) {
        let repository = Self::with_commit();
        let bare = repository.root().join("../remote.git").display().to_string();
        repository.git(&["clone", "-q", "--bare", ".", &bare]);
        repository.git(&["remote", "add", "origin", &bare]);
        repository.git(&["push", "-q", "-u", "origin", "main"]);
        (repository, bare)
    }

    /// [`Self::empty`] with one commit of a `README.md`.
    pub(super) fn with_commit() -> Self {
        let repository = Self::empty();
        repository.write("README.md", "An analysis\n").commit();
        repository
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The repository as this room sees it.
    pub(super) fn opened(&self) -> git::Repository {
        git::Repository::open(&self.root).unwrap()
    }

    pub(super) fn write(&self, name: &str, text: &str) -> &Self {
        let file = self.root.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        self
    }

    pub(super) fn commit(&self) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "work"]);
        self
    }

    /// Runs git here and gives what it prints.
    #[track_caller]
    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let date = "2026-01-02T03:04:05Z";
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_WORK_TREE")
            .env("GIT_AUTHOR_DATE", date)
            .env("GIT_COMMITTER_DATE", date)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs a line of shell here.
    #[track_caller]
    pub(super) fn shell(&self, line: &str) {
        let status = Command::new("sh").args(["-ec", line]).current_dir(&self.root).status();
        assert!(status.unwrap().success(), "{line}");
    }
}
