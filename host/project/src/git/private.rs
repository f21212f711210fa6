//! A private git directory, made for one question: what git needs of a repository to answer
//! it, as copies, with a configuration that is written here. Nothing that the repository is
//! set to reaches a git that we run, whatever is written into it while git runs.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::configuration::Format;
use super::place::Temporary;
use super::reference::Head;
use super::run::{self, GitOutput};
use super::syntax::{self, GitSetting};
use crate::error::ProjectError;

/// A private git directory. It goes when it is dropped.
#[derive(Debug)]
pub(crate) struct Private {
    folder: Temporary,
    /// The folder that git runs in, and the files that it compares; none: it has no files.
    pub(super) root: Option<PathBuf>,
    /// Of a linked worktree with tables: what belongs to the worktree alone.
    pub(super) linked: Option<PathBuf>,
    pub(super) objects: PathBuf,
    pub(super) head: Head,
    pub(super) has_submodules: bool,
    /// What its user has set for the repository that this is a copy of.
    pub(super) settings: Option<PathBuf>,
}

impl Private {
    /// An empty repository without files.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    pub(super) fn empty() -> Result<Self, ProjectError> {
        Self::new(None, &Format::default())
    }

    /// One that is stored as `format` says.
    pub(super) fn new(project: Option<&Path>, format: &Format) -> Result<Self, ProjectError> {
        let folder = Temporary::new(project).map_err(|source| ProjectError::NoPlace { source })?;
        let objects = folder.path().join("objects");
        let made = Self {
            folder,
            root: None,
            linked: None,
            objects,
            head: Head::default(),
            has_submodules: false,
            settings: None,
        };
        for folder in ["refs/heads", "objects/pack", "objects/info", "info"] {
            std::fs::create_dir_all(made.path().join(folder))
                .map_err(|error| made.failed(error))?;
        }
        made.write("HEAD", b"ref: refs/heads/none\n")?;
        made.write_settings(&mut std::iter::empty(), format)?;
        Ok(made)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where that is which belongs to one worktree: the index.
    pub(super) fn own(&self) -> &Path {
        self.linked.as_deref().unwrap_or(self.path())
    }

    /// What was checked out when it was made.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// Whether there may be submodules in the index.
    pub(crate) fn has_submodules(&self) -> bool {
        self.has_submodules
    }

    /// `git` over this directory.
    pub(crate) fn command(&self) -> Command {
        let mut command = run::command(self.root.as_deref().unwrap_or(self.path()));
        command.env("GIT_DIR", self.own());
        command.env("GIT_OBJECT_DIRECTORY", &self.objects);
        if let Some(root) = &self.root {
            command.env("GIT_WORK_TREE", root);
        }
        if self.linked.is_some() {
            command.env("GIT_COMMON_DIR", self.path());
        }
        if let Some(settings) = &self.settings {
            command.env("GIT_CONFIG_GLOBAL", settings).env("GIT_CONFIG_NOSYSTEM", "1");
        }
        command
    }

    /// Asks git; a refusal is an answer.
    ///
    /// # Errors
    ///
    /// When git cannot be run at all or was interrupted.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<GitOutput, ProjectError> {
        run::run(self.command().args(arguments))
    }

    /// Asks git, and gives its standard output.
    ///
    /// # Errors
    ///
    /// As [`Self::ask`], and `GitFailed` for any exit status but 0.
    pub(crate) fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, ProjectError> {
        let answer = self.ask(arguments)?;
        if answer.success { Ok(answer.stdout) } else { Err(answer.failure(arguments)) }
    }

    /// Takes new objects itself, and finds those there are in `store`.
    ///
    /// # Errors
    ///
    /// When that cannot be written.
    pub(crate) fn keep_objects(&mut self, store: &Path) -> Result<(), ProjectError> {
        self.objects = self.path().join("objects");
        let mut line = Vec::from(b"\"");
        for byte in store.as_os_str().as_encoded_bytes() {
            match byte {
                b'"' | b'\\' => line.extend([b'\\', *byte]),
                b'\n' => line.extend(b"\\n"),
                _ => line.push(*byte),
            }
        }
        line.extend(b"\"\n");
        self.write("objects/info/alternates", &line)
    }

    /// Adds settings to its configuration.
    pub(super) fn add_settings(&self, entries: &[GitSetting]) -> Result<(), ProjectError> {
        use std::io::Write as _;
        let mut text = String::new();
        entries.iter().for_each(|entry| syntax::write(&mut text, entry));
        let add = || -> io::Result<()> {
            let mut options = std::fs::File::options();
            options.append(true).open(self.path().join("config"))?.write_all(text.as_bytes())
        };
        add().map_err(|error| self.failed(error))
    }

    /// The error about a file of it.
    pub(super) fn failed(&self, source: io::Error) -> ProjectError {
        ProjectError::Unwritable { file: self.path().to_owned(), source }
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ProjectError> {
        write(&self.path().join(name), bytes).map_err(|error| self.failed(error))
    }

    /// Its configuration: what the repository may say, and then what we say.
    pub(super) fn write_settings(
        &self,
        entries: &mut dyn Iterator<Item = &GitSetting>,
        format: &Format,
    ) -> Result<(), ProjectError> {
        let mut text = String::new();
        entries.for_each(|entry| syntax::write(&mut text, entry));
        let mut say = |section: &str, sub: Option<&str>, name: &str, value: &str| {
            syntax::write(&mut text, &setting(section, sub, name, value));
        };
        let is_plain = *format == Format::default();
        say("core", None, "repositoryformatversion", if is_plain { "0" } else { "1" });
        say("core", None, "bare", if self.root.is_some() { "false" } else { "true" });
        say("core", None, "logallrefupdates", "false");
        if format.is_sha256 {
            say("extensions", None, "objectformat", "sha256");
        }
        if format.has_tables {
            say("extensions", None, "refstorage", "reftable");
        }
        if let Some(remote) = format.promisor.as_deref().filter(|remote| !remote.is_empty()) {
            // So that missing objects are no damage. Nobody fetches them from there.
            say("extensions", None, "partialclone", remote);
            say("remote", Some(remote), "promisor", "true");
            say("remote", Some(remote), "url", "/dev/null");
        }
        self.write("config", text.as_bytes())
    }
}

/// A setting of ours.
pub(super) fn setting(section: &str, sub: Option<&str>, name: &str, value: &str) -> GitSetting {
    GitSetting {
        section: section.to_owned(),
        subsection: sub.map(str::to_owned),
        name: name.to_owned(),
        value: Some(value.to_owned()),
    }
}

/// What git printed, as one line.
pub(super) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// Writes a file of a copy, and its folders.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)
}
