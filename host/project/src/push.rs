//! Pushes a branch. Never by force: the reference is written out without a `+`, so
//! no configuration can add one. No hook is run.

use super::error::ProjectError;
use super::git::{self, Private, REMOTE, Repository};
use super::repository::PushTarget;

/// A line that changes whenever a file of Git LFS does.
const LARGE: &str = "^oid sha256:[0-9a-f]{64}$";

/// Pushes HEAD to `target` and waits for it.
///
/// # Errors
///
/// `PushRejected` when the server has commits that are not here, `LargeFiles` when what is
/// pushed is not all, `AddressRefused`, and whatever git says.
pub(super) async fn push(
    repository: &Repository,
    target: &PushTarget,
    may_ask: bool,
) -> Result<(), ProjectError> {
    let addresses = repository.push_addresses(&target.remote)?;
    let copy = repository.copy()?;
    let branch = copy.head().branch.clone();
    let noted = branch.and_then(|branch| repository.noted_upstream(&branch));
    check_large_files(&copy, target, noted.as_deref()).await?;
    let reference = format!("HEAD:{}", target.reference);
    let mut command = copy.talking_to(&addresses, may_ask)?;
    command.args(["push", "--porcelain", "--no-follow-tags", "--no-verify"]);
    command.args(["--no-recurse-submodules", "--", REMOTE, &reference]);
    let output = git::wait(command).await?;
    if output.status.success() {
        if let (Some(noted), Some(commit)) = (noted, &copy.head().commit)
            && let Err(error) = repository.set_reference(&noted, None, commit)
        {
            // The next `git fetch` notes it.
            tracing::info!("git has not recorded the push: {error}");
        }
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

/// Files of Git LFS are pushed by a hook, and no hook is run: then commits would arrive
/// without their files.
async fn check_large_files(
    copy: &Private,
    target: &PushTarget,
    noted: Option<&str>,
) -> Result<(), ProjectError> {
    let pattern = format!("-G{LARGE}");
    let mut command = copy.command();
    command.args(["log", "-1", "--format=%H", "--no-renames", "--no-textconv", "--no-ext-diff"]);
    command.args([&pattern, "HEAD"]);
    if let Some(noted) = noted
        && copy.ask(&["rev-parse", "--verify", "--quiet", noted])?.success
    {
        command.args(["--not", noted]);
    }
    command.arg("--");
    let output = git::wait(command).await?;
    if !output.status.success() {
        return Err(git::failure("log", &output.stderr));
    }
    if output.stdout.is_empty() {
        return Ok(());
    }
    let (remote, branch) = (target.remote.clone(), target.branch().to_owned());
    Err(ProjectError::LargeFiles { remote, branch })
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
        // git knows of it, as after a push by hand.
        assert_eq!(repository.git(&["rev-list", "--count", "@{upstream}..HEAD"]), "0");
    }

    #[test]
    fn git_knows_of_a_push_where_references_are_in_tables() {
        let repository = Repository::stored(&["--ref-format", "reftable"]);
        repository.write("a", "1").commit();
        let bare = repository.root().join("../remote.git").display().to_string();
        repository.git(&["clone", "-q", "--bare", ".", &bare]);
        repository.git(&["remote", "add", "origin", &bare]);
        repository.git(&["push", "-q", "-u", "origin", "main"]);
        repository.write("a", "2").commit();
        push(&repository).unwrap();
        assert_eq!(repository.git(&["rev-list", "--count", "@{upstream}..HEAD"]), "0");
        assert_eq!(repository.git(&["fsck"]), "");
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

    #[test]
    fn commits_with_files_of_git_lfs_are_left_to_git() {
        let (repository, bare) = Repository::with_remote();
        let pointer = |digit: &str| {
            format!(
                "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 5\n",
                digit.repeat(64)
            )
        };
        repository.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        repository.write("data.bin", &pointer("a")).commit();
        repository.git(&["push", "-q"]);
        let before = repository.git(&["--git-dir", &bare, "rev-parse", "main"]);
        repository.write("data.bin", &pointer("b")).commit();
        let error = push(&repository).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the commits of `main` contain Git LFS files, which a push without hooks would not upload"
        );
        let hint = "run `git lfs push origin main`, then `git push`";
        assert_eq!(error.hint().as_deref(), Some(hint));
        assert_eq!(repository.git(&["--git-dir", &bare, "rev-parse", "main"]), before);
        // Other commits of the same project are pushed.
        repository.git(&["push", "-q"]);
        repository.write("a", "1").commit();
        push(&repository).unwrap();
    }
}
