//! Runs git. Why the command line and no library: `docs/adr/0002-git-command-line.md`.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Output, Stdio};

use crate::domain::programs;
use crate::error::ProjectError;

/// What would make git answer for another repository than the one we name, for
/// instance when we run inside a git hook (`git rev-parse --local-env-vars`, without the
/// settings that somebody typed).
const FOREIGN: [&str; 16] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// What no git of ours does, whatever its user has set: run hooks or a monitor of files, tidy
/// up (a copy has few references, and objects that none of them reaches would go), look into
/// submodules (there it would obey *their* configuration), or ask other stores of objects
/// for their references.
const NEVER: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=true",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
];

/// What git answered.
pub(crate) struct GitOutput {
    /// Whether its exit status was 0.
    pub(crate) success: bool,
    /// Its standard output.
    pub(crate) stdout: Vec<u8>,
    stderr: Vec<u8>,
}

/// `git -C folder …` that asks nothing, pages nothing, locks nothing, fetches nothing and
/// answers in English. In which repository, the caller says in its environment.
pub(super) fn command(folder: &Path) -> Command {
    let mut command = programs::program("git");
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    command
        .args(["--no-pager", "-C"])
        .arg(folder)
        .args(NEVER.iter().flat_map(|setting| ["-c", setting]))
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        // Of a partial clone: what is not here is not here. Of old git knows no such
        // variable, but this one.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

/// Runs git; a refusal of git is an answer.
///
/// # Errors
///
/// When git cannot be run at all or was interrupted.
pub(super) fn run(command: &mut Command) -> Result<GitOutput, ProjectError> {
    let output = command.output().map_err(not_run)?;
    if was_interrupted(output.status) {
        return Err(ProjectError::Interrupted);
    }
    Ok(GitOutput { success: output.status.success(), stdout: output.stdout, stderr: output.stderr })
}

/// Runs a git that may take its time. Dropping the future ends it.
///
/// # Errors
///
/// When git cannot be run at all.
pub(crate) async fn wait(command: Command) -> Result<Output, ProjectError> {
    let mut command = tokio::process::Command::from(command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).output().await.map_err(not_run)
}

fn not_run(source: io::Error) -> ProjectError {
    match source.kind() {
        io::ErrorKind::NotFound => ProjectError::GitMissing,
        _ => ProjectError::Unreadable { path: "git".into(), source },
    }
}

impl GitOutput {
    /// This answer as an error, with what git said.
    pub(super) fn failure(&self, arguments: &[&str]) -> ProjectError {
        failure(arguments.first().copied().unwrap_or_default(), &self.stderr)
    }
}

/// What git said on standard error, as an error.
pub(crate) fn failure(command: &str, stderr: &[u8]) -> ProjectError {
    let said = String::from_utf8_lossy(stderr);
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    ProjectError::GitFailed {
        command: command.to_owned(),
        said: lines.map(str::to_owned).collect(),
    }
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
    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    #[test]
    fn without_git_the_hint_is_how_to_install_it() {
        let error = run(&mut Command::new("/does/not/exist/git")).err().unwrap();
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
}
