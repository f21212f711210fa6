//! Pushes a branch. Never by force: the reference is written out without a `+`, so
//! no configuration can add one.

use std::path::Path;

use super::error::ProjectError;
use super::git;
use super::repository::PushTarget;

/// Pushes HEAD to `target` and waits for it.
///
/// # Errors
///
/// `PushRejected` when the server has commits that are not here, and whatever
/// git says.
pub(super) async fn push(
    root: &Path,
    target: &PushTarget,
    may_ask: bool,
) -> Result<(), ProjectError> {
    let reference = format!("HEAD:{}", target.reference);
    let arguments = ["push", "--porcelain", "--no-follow-tags", "--", &target.remote, &reference];
    let mut command = git::command(root);
    command.args(arguments);
    if may_ask {
        command.env("GIT_TERMINAL_PROMPT", "1");
    } else {
        git::ask_nothing_over_ssh(&mut command);
    }
    let output = git::wait(command).await?;
    if output.status.success() {
        return Ok(());
    }
    // `! HEAD:refs/heads/main [rejected] (fetch first)` (git-push(1), OUTPUT).
    let told = String::from_utf8_lossy(&output.stdout);
    let rejected = told.lines().any(|line| {
        line.starts_with('!')
            && (line.contains("(fetch first)") || line.contains("(non-fast-forward)"))
    });
    if rejected {
        let (remote, branch) = (target.remote.clone(), target.branch().to_owned());
        return Err(ProjectError::PushRejected { remote, branch });
    }
    Err(git::failure("push", &output.stderr))
}

#[cfg(test)]
mod tests {
    use super::super::Project;
    use super::super::testing::Repository;
    use crate::domain::{Diagnostic as _, ErrorKind};

    fn push(repository: &Repository) -> Result<(), super::ProjectError> {
        let project = Project::locate(repository.root()).unwrap();
        let target = project.repository().unwrap().push.unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(project.push(&target, false))
    }

    #[test]
    fn the_branch_arrives_at_its_upstream_and_nothing_else_does() {
        let (repository, bare) = Repository::with_remote();
        repository.git(&["branch", "private"]);
        repository.git(&["tag", "-a", "-m", "x", "v1"]);
        repository.git(&["config", "push.followTags", "true"]);
        repository.write("a", "1").commit();
        push(&repository).unwrap();
        let refs = repository.git(&[
            "--git-dir",
            &bare,
            "for-each-ref",
            "--format=%(refname) %(objectname)",
        ]);
        assert_eq!(refs, format!("refs/heads/main {}", repository.git(&["rev-parse", "HEAD"])));
    }

    #[test]
    fn commits_of_others_are_never_overwritten() {
        let (repository, bare) = Repository::with_remote();
        repository.write("theirs", "1").commit();
        repository.git(&["push", "-q"]);
        let theirs = repository.git(&["rev-parse", "HEAD"]);
        repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
        repository.write("ours", "1").commit();
        // What would make a plain `git push` a forced one.
        repository.git(&["config", "remote.origin.push", "+refs/heads/*:refs/heads/*"]);
        let error = push(&repository).unwrap_err();
        assert_eq!(error.to_string(), "`origin` has commits on `main` that are not here");
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(error.hint().unwrap(), "run `git pull`, then try again");
        assert_eq!(repository.git(&["--git-dir", &bare, "rev-parse", "main"]), theirs);
    }

    #[test]
    fn a_remote_that_is_gone_is_told_with_what_git_says() {
        let (repository, bare) = Repository::with_remote();
        std::fs::remove_dir_all(bare).unwrap();
        let error = push(&repository).unwrap_err();
        assert_eq!(error.to_string(), "`git push` failed");
        assert!(error.causes().concat().contains("does not appear to be a git repository"));
    }
}
