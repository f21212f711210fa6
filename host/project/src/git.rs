//! Runs git. Why the command line and no library: `docs/adr/0002-git-command-line.md`.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Output, Stdio};

use super::error::ProjectError;

/// What would make git answer for another repository than the one we name, for
/// instance when we run inside a git hook (`git rev-parse --local-env-vars`).
const FOREIGN: [&str; 11] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// What git answered.
pub(super) struct Answer {
    /// Whether its exit status was 0.
    pub(super) success: bool,
    /// Its exit status, when it was not killed.
    pub(super) code: Option<i32>,
    /// Its standard output.
    pub(super) stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// `git -C root …` that asks nothing, pages nothing, locks nothing and answers
/// in English.
pub(super) fn command(root: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("--no-pager")
        .arg("-C")
        .arg(root)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    command
}

/// Runs git in `root`; a refusal of git is an answer.
///
/// # Errors
///
/// When git cannot be run at all, was interrupted, or does not trust the
/// project.
pub(super) fn ask(root: &Path, arguments: &[&str]) -> Result<Answer, ProjectError> {
    run(root, command(root).args(arguments))
}

fn run(root: &Path, command: &mut Command) -> Result<Answer, ProjectError> {
    let output = command.output().map_err(not_run)?;
    if was_interrupted(output.status) {
        return Err(ProjectError::Interrupted);
    }
    let answer = Answer {
        success: output.status.success(),
        code: output.status.code(),
        stdout: output.stdout,
        stderr: output.stderr,
    };
    if !answer.success
        && let Some(remedy) = remedy_for_ownership(&answer.stderr)
    {
        return Err(ProjectError::DubiousOwnership { root: root.to_owned(), remedy });
    }
    Ok(answer)
}

/// Runs a git that talks to a server. Dropping the future ends it.
///
/// # Errors
///
/// When git cannot be run at all.
pub(super) async fn wait(command: Command) -> Result<Output, ProjectError> {
    let mut command = tokio::process::Command::from(command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).output().await.map_err(not_run)
}

/// Keeps ssh from asking for a passphrase, unless the user has an ssh of their own.
pub(super) fn ask_nothing_over_ssh(command: &mut Command) {
    if std::env::var_os("GIT_SSH_COMMAND").is_none() && std::env::var_os("GIT_SSH").is_none() {
        command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    }
}

fn not_run(source: io::Error) -> ProjectError {
    match source.kind() {
        io::ErrorKind::NotFound => ProjectError::GitMissing,
        _ => ProjectError::Unreadable { path: "git".into(), source },
    }
}

/// Runs git in `root` and gives its standard output.
///
/// # Errors
///
/// As [`ask`], and `GitFailed` for any exit status but 0.
pub(super) fn output(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, ProjectError> {
    let answer = ask(root, arguments)?;
    if answer.success { Ok(answer.stdout) } else { Err(answer.failure(arguments)) }
}

impl Answer {
    /// This answer as an error, with what git said.
    pub(super) fn failure(&self, arguments: &[&str]) -> ProjectError {
        failure(arguments.first().copied().unwrap_or_default(), &self.stderr)
    }
}

/// What git said on standard error, as an error.
pub(super) fn failure(command: &str, stderr: &[u8]) -> ProjectError {
    let said = String::from_utf8_lossy(stderr);
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    ProjectError::GitFailed {
        command: command.to_owned(),
        said: lines.map(str::to_owned).collect(),
    }
}

/// The command that git proposes when a repository belongs to somebody else
/// (git 2.35.2 and later).
fn remedy_for_ownership(stderr: &[u8]) -> Option<String> {
    let said = String::from_utf8_lossy(stderr);
    if !said.contains("dubious ownership") && !said.contains("unsafe repository") {
        return None;
    }
    said.lines().map(str::trim).find(|line| line.starts_with("git config ")).map(str::to_owned)
}

#[cfg(unix)]
fn was_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGINT: i32 = 2;
    status.signal() == Some(SIGINT)
}

#[cfg(not(unix))]
fn was_interrupted(_: ExitStatus) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::super::testing::Repository;
    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    fn failure(root: &Path, command: &mut Command) -> ProjectError {
        run(root, command).err().unwrap()
    }

    #[test]
    fn a_project_of_another_user_is_refused_with_the_remedy_of_git() {
        let repository = Repository::with_commit();
        let root = repository.root();
        let mut command = command(root);
        command
            .args(["rev-parse", "HEAD"])
            // What git's own tests use in place of a second user.
            .env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        let error = failure(root, &mut command);
        let shown = root.display();
        assert_eq!(
            error.to_string(),
            format!("git does not trust `{shown}`: it belongs to another user")
        );
        assert_eq!(
            error.hint().unwrap(),
            format!("if you trust it, run `git config --global --add safe.directory {shown}`")
        );
        assert_eq!(error.kind(), ErrorKind::Denied);
    }

    #[test]
    fn without_git_the_hint_is_how_to_install_it() {
        let empty = tempfile::tempdir().unwrap();
        let error = failure(empty.path(), command(empty.path()).env("PATH", empty.path()));
        assert_eq!(error.to_string(), "git is not installed, or not on the `PATH`");
        assert_eq!(
            error.hint().unwrap(),
            "install git: `apt-get install git`, `dnf install git` or `brew install git`"
        );
    }

    #[cfg(unix)]
    #[test]
    fn ctrl_c_while_git_runs_is_an_interrupt_and_no_failure() {
        // Not by sending one: who runs the tests may have SIGINT ignored.
        use std::os::unix::process::ExitStatusExt as _;
        assert!(was_interrupted(ExitStatus::from_raw(2)));
        for other in [0, 9, 15, 1 << 8, 2 << 8] {
            assert!(!was_interrupted(ExitStatus::from_raw(other)), "{other}");
        }
        let error = ProjectError::Interrupted;
        assert_eq!(error.to_string(), "interrupted");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn the_remedy_is_the_one_git_proposes() {
        let said = b"fatal: detected dubious ownership in repository at '/data/a b'\n\
            To add an exception for this directory, call:\n\n\
            \tgit config --global --add safe.directory '/data/a b'\n";
        assert_eq!(
            remedy_for_ownership(said).as_deref(),
            Some("git config --global --add safe.directory '/data/a b'")
        );
        assert_eq!(remedy_for_ownership(b"fatal: not a git repository\n"), None);
    }
}
