//! What can be wrong with a project, its settings, and what was typed about it.

use std::io;
use std::path::{Path, PathBuf};

use super::ini::BadLine;
use crate::domain::{Advice, Diagnostic, ErrorKind, quoted};
use crate::files::{FileError, Reason};

/// A Dockerfile that gives a working session; shown to who has none.
const SAMPLE_DOCKERFILE: &str = "\
FROM python:3-slim
RUN pip install --no-cache-dir jupyterlab
CMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--no-browser\"]";

/// Failures of the project room.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// No `.git` here or above.
    #[error("`{}` is not in a git project", start.display())]
    NotAProject {
        /// Where the search began.
        start: PathBuf,
    },
    /// A repository without a working tree.
    #[error("`{}` is a bare git repository: it has no files to work on", path.display())]
    Bare { path: PathBuf },
    /// We stand inside `.git`.
    #[error("`{}` is git's own folder, not the project", path.display())]
    InsideGit { path: PathBuf },
    /// The `.git` file of a worktree or submodule leads nowhere.
    #[error("`{}` does not point to a git repository", file.display())]
    BrokenLink {
        file: PathBuf,
        /// What it says.
        target: String,
    },
    /// Something in the repository leads to another place.
    #[error("`{}` leads out of the repository of the project", file.display())]
    LeadsOut {
        /// What leads out.
        file: PathBuf,
        target: String,
        /// A command that ends it.
        remedy: String,
    },
    /// The repository that a project names does not know the project.
    #[error("`{}` does not belong to this folder", target.display())]
    NotNamedBack {
        /// What names it.
        file: PathBuf,
        target: PathBuf,
        /// A command that lets it say so.
        remedy: String,
    },
    /// git would not understand the configuration of the repository.
    #[error("`{}`, line {line}: cannot be parsed", file.display())]
    GitConfiguration {
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The repository is stored in a way that we do not know.
    #[error("the repository has a format that `renku` does not support: {what}")]
    UnknownFormat {
        /// What is unknown.
        what: String,
    },
    /// Nowhere is a place for a private copy.
    #[error("there is no folder for git's temporary files")]
    NoPlace {
        /// Why not at the last one.
        source: io::Error,
    },
    /// An address of a remote that is never handed to git.
    #[error("the address `{address}` of the remote `{remote}` is not used: {reason}")]
    AddressRefused {
        remote: String,
        /// Its address, without credentials.
        address: String,
        reason: &'static str,
    },
    /// Files that a push would leave out.
    #[error(
        "the commits of `{branch}` contain Git LFS files, which a push without hooks would not upload"
    )]
    LargeFiles {
        remote: String,
        /// The branch there.
        branch: String,
    },
    /// Nothing was committed yet.
    #[error("this project has no commit yet")]
    NoCommit { root: PathBuf },
    /// A session would get what is the user's own.
    #[error("`{}` cannot be given to a session", root.display())]
    HoldsOurs {
        root: PathBuf,
        /// The home, or a folder of this program.
        folder: PathBuf,
    },
    /// No branch is checked out.
    #[error("no branch is checked out: HEAD is detached at `{commit}`")]
    DetachedHead {
        /// The commit, shortened.
        commit: String,
    },
    /// git is not installed.
    #[error("git is not installed, or not on the `PATH`")]
    GitMissing,
    /// git refuses a repository of somebody else (`safe.directory`).
    #[error("git does not trust `{}`: it belongs to another user", root.display())]
    DubiousOwnership {
        root: PathBuf,
        /// What git says to run.
        remedy: String,
    },
    #[error("`git {command}` failed")]
    GitFailed {
        /// Its first argument.
        command: String,
        said: Vec<String>,
    },
    /// The server has what is not here.
    #[error("`{remote}` has commits on `{branch}` that are not here")]
    PushRejected {
        remote: String,
        /// The branch there.
        branch: String,
    },
    /// The user pressed Ctrl-C while git ran.
    #[error("interrupted")]
    Interrupted,
    /// A path cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// A file of the project or of the user's settings cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// No Dockerfile, and none was named.
    #[error("this project has no `Dockerfile`")]
    NoDockerfile {
        root: PathBuf,
        /// Where other tools have one.
        others: Vec<&'static str>,
    },
    /// `--file` names nothing.
    #[error("`--file {}`: there is no such file", file.display())]
    FileMissing {
        /// What was typed.
        file: PathBuf,
    },
    /// `--file` names something that is no file.
    #[error("`{}` is not a file", file.display())]
    NotAFile {
        /// What was typed, or found.
        file: PathBuf,
    },
    /// `--file` leads out of the project, perhaps through a link.
    #[error("`{}` is outside the project", file.display())]
    OutsideProject {
        /// Where it leads.
        file: PathBuf,
        /// The project's root.
        root: PathBuf,
    },
    /// A path that no image builder could be told.
    #[error("the name of `{}` is not UTF-8", file.display())]
    NotUtf8 { file: PathBuf },
    /// The file that binds the project to a RenkuLab makes no sense.
    #[error("`{}`, line {line}: {reason}", file.display())]
    Binding {
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A line of a settings file makes no sense.
    #[error("`{}`, line {line}: {reason}", file.display())]
    Settings {
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// A settings file cannot be written.
    #[error("`{}` cannot be written", file.display())]
    Unwritable { file: PathBuf, source: io::Error },
    /// There is no setting of that name.
    #[error("there is no setting `{key}`{}", nearest.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownKey {
        /// What was typed.
        key: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// A value cannot be used.
    #[error("`{given}`: {reason}")]
    Value {
        /// Where it was given and what it was: `--memory 2Gx`.
        given: String,
        /// What is wrong.
        reason: &'static str,
        example: &'static str,
    },
}

impl ProjectError {
    /// The error about a value, with the settings file that it stands in.
    #[must_use]
    pub fn in_file(self, file: &Path) -> Self {
        match self {
            Self::Value { given, reason, example } => {
                let given = format!("{given}` in `{}", file.display());
                Self::Value { given, reason, example }
            }
            other => other,
        }
    }

    /// A line of a settings file that makes no sense.
    pub(super) fn bad_line(file: &Path, BadLine(line, reason): &BadLine) -> Self {
        Self::Settings { file: file.to_owned(), line: *line, reason }
    }
}

const NAME_THE_DOCKERFILE: &str =
    "name the Dockerfile with `--file PATH`, or an image with `--image IMAGE`";

impl Diagnostic for ProjectError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::File(error) => match error.reason() {
                Reason::NotAFile(_) => Advice::of(error).kind(ErrorKind::InvalidInput),
                _ => Advice::of(error),
            },
            Self::NotAProject { .. } => ErrorKind::InvalidInput
                .hint("go to your project with `cd`, or make this folder one with `git init`"),
            Self::Bare { path } => ErrorKind::InvalidInput
                .hint(format!("get its files with `git clone {}`", quoted(path))),
            Self::InsideGit { .. } => {
                ErrorKind::InvalidInput.hint("go back to the project with `cd ..`")
            }
            Self::BrokenLink { target, .. } => ErrorKind::Other
                .hint("run `git worktree repair` in the main project, or clone again")
                .causes([target]),
            Self::LeadsOut { remedy, target, .. } => ErrorKind::InvalidInput
                .hint(format!("run `{remedy}`"))
                .causes([format!("it leads to `{target}`")]),
            Self::NotNamedBack { remedy, file, .. } => ErrorKind::InvalidInput
                .hint(format!("if it does, run `{remedy}`"))
                .causes([format!("`{}` names it", file.display())]),
            Self::GitConfiguration { line, .. } => {
                ErrorKind::Other.hint(format!("repair or remove line {line} with an editor"))
            }
            Self::NoPlace { source } => ErrorKind::Unavailable
                .hint("name one of your own folders with `export RENKU_CACHE_DIR=FOLDER`")
                .causes([source.to_string()]),
            Self::AddressRefused { remote, .. } => ErrorKind::InvalidInput
                .hint(format!("name another one with `git remote set-url {remote} URL`")),
            Self::LargeFiles { remote, branch } => ErrorKind::Conflict
                .hint(format!("run `git lfs push {remote} {branch}`, then `git push`")),
            Self::HoldsOurs { folder, .. } => ErrorKind::InvalidInput
                .hint(
                    "move the project to a folder of its own, or start an image without it: \
                     `renku session start --mount none --image IMAGE`",
                )
                .causes([format!(
                    "a session could read and change `{}`, where your own keys and settings are",
                    folder.display()
                )]),
            Self::NoCommit { .. } => ErrorKind::InvalidInput
                .hint("run `git add -A && git commit -m \"First commit\"`"),
            Self::DetachedHead { .. } => ErrorKind::InvalidInput.hint(
                "create a branch here with `git switch -c NAME`, or go back to one with `git switch NAME`",
            ),
            Self::GitMissing => ErrorKind::Unavailable.hint(
                "install git: `apt-get install git`, `dnf install git` or `brew install git`",
            ),
            Self::DubiousOwnership { remedy, .. } => {
                ErrorKind::Denied.hint(format!("if you trust it, run `{remedy}`"))
            }
            Self::NoDockerfile { others, .. } if !others.is_empty() => {
                let files: Vec<String> =
                    others.iter().map(|file| format!("`--file {file}`")).collect();
                ErrorKind::NotFound.hint(format!(
                    "build the one that is there with {}, or start from an image with `renku \
                     session start --image IMAGE`",
                    files.join(" or ")
                ))
            }
            Self::NoDockerfile { root, .. } => ErrorKind::NotFound.hint(format!(
                "start from an image with `renku session start --image IMAGE`, or save this as `{}`:\n{SAMPLE_DOCKERFILE}",
                root.join("Dockerfile").display()
            )),
            Self::FileMissing { .. } => ErrorKind::NotFound.hint(NAME_THE_DOCKERFILE),
            Self::NotAFile { .. } => ErrorKind::InvalidInput.hint(NAME_THE_DOCKERFILE),
            Self::OutsideProject { root, .. } => ErrorKind::InvalidInput.hint(format!(
                "copy it into `{}`, or name an image with `--image IMAGE`",
                root.display()
            )),
            Self::NotUtf8 { .. } => ErrorKind::InvalidInput.hint("rename it to plain letters"),
            Self::PushRejected { .. } => {
                ErrorKind::Conflict.hint("run `git pull`, then try again")
            }
            Self::Binding { file, .. } => ErrorKind::InvalidInput.hint(format!(
                "repair `{}`, or remove it and name the project with `--config`",
                file.display()
            )),
            Self::Settings { file, .. } => ErrorKind::InvalidInput.hint(format!(
                "write `key = value` under `[interactive]` in `{}`",
                file.display()
            )),
            Self::Value { example, .. } => ErrorKind::InvalidInput.hint(*example),
            Self::UnknownKey { known, .. } => {
                let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                ErrorKind::InvalidInput.hint(format!("the settings are {}", names.join(", ")))
            }
            Self::GitFailed { said, .. } => ErrorKind::Other.causes(said),
            Self::UnknownFormat { .. } => ErrorKind::Unsupported.alone(),
            Self::Interrupted => ErrorKind::Cancelled.alone(),
            Self::Unreadable { source, .. } | Self::Unwritable { source, .. } => {
                ErrorKind::Other.causes([source.to_string()])
            }
        }
    }
}
