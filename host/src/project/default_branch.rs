//! The branch that a fresh copy of the remote begins with.

use std::path::Path;
use std::time::Duration;

use super::configuration::Configuration;
use super::error::ProjectError;
use super::repository::RepositoryState;
use super::{git, head};

/// How long the remote may think about it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The default branch of the remote that the branch is pushed to, else of
/// `origin`, as `origin/main`. What git noted when the remote was cloned may be
/// old: the remote is asked unless the note is the upstream itself, so that the
/// usual case costs nothing and a branch is never called another one by mistake.
///
/// # Errors
///
/// When git fails here; a remote that does not answer is none.
pub(super) async fn find(
    root: &Path,
    state: &RepositoryState,
    configuration: &Configuration,
) -> Result<Option<String>, ProjectError> {
    let own = state.branch.as_deref().and_then(|branch| configuration.upstream(branch));
    let remotes = configuration.remotes();
    let wanted = [own, Some("origin")].into_iter().flatten();
    let known = |name: &&str| remotes.iter().any(|(remote, _)| remote == name);
    let Some(remote) = wanted.into_iter().find(known) else { return Ok(None) };
    let note = format!("refs/remotes/{remote}/HEAD");
    let noted = head::optional(root, &["symbolic-ref", "-q", &note])?
        .and_then(|branch| branch.strip_prefix("refs/remotes/").map(str::to_owned));
    if noted.is_some() && noted == state.upstream {
        return Ok(noted);
    }
    let told = tokio::time::timeout(PATIENCE, ask(root, remote)).await.unwrap_or(Ok(None))?;
    Ok(told.map(|branch| format!("{remote}/{branch}")).or(noted))
}

/// Asks the remote.
async fn ask(root: &Path, remote: &str) -> Result<Option<String>, ProjectError> {
    let mut command = git::command(root);
    command.args(["ls-remote", "--symref", "--", remote, "HEAD"]);
    git::ask_nothing_over_ssh(&mut command);
    // Nor in a window: an empty one is none (gitcredentials(7)), and Git Credential
    // Manager has a variable of its own.
    command.env("GIT_ASKPASS", "").env("GCM_INTERACTIVE", "never");
    let output = git::wait(command).await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        tracing::debug!("`{remote}` does not tell its default branch: {}", said.trim());
        return Ok(None);
    }
    // `ref: refs/heads/main TAB HEAD` (git-ls-remote(1), `--symref`).
    let text = String::from_utf8_lossy(&output.stdout);
    let branch = text.lines().find_map(|line| line.strip_prefix("ref: ")?.strip_suffix("\tHEAD"));
    Ok(branch.map(|branch| head::short_name(branch).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::Project;
    use super::super::testing::Repository;
    use crate::testing::server::{Server, answer};

    fn found(repository: &Repository) -> Option<String> {
        let project = Project::locate(repository.root()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(project.default_branch()).unwrap()
    }

    /// A repository whose `main` is pushed to a bare one, which nobody cloned.
    fn pushed() -> (Repository, String) {
        let repository = Repository::with_commit();
        let bare = repository.root().join("../remote.git").display().to_string();
        repository.git(&["clone", "-q", "--bare", ".", &bare]);
        repository.git(&["remote", "add", "origin", &bare]);
        repository.git(&["push", "-q", "-u", "origin", "main"]);
        (repository, bare)
    }

    #[test]
    fn a_remote_that_was_never_cloned_is_asked() {
        let (repository, _) = pushed();
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
        repository.git(&["switch", "-q", "-c", "experiment"]);
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
    }

    #[test]
    fn a_note_of_git_is_believed_only_when_it_is_the_upstream() {
        let (repository, bare) = pushed();
        repository.git(&["remote", "set-head", "origin", "main"]);
        repository.git(&["push", "-q", "origin", "main:work"]);
        repository.git(&["--git-dir", &bare, "symbolic-ref", "HEAD", "refs/heads/work"]);
        // In the usual case nobody is asked.
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
        repository.git(&["switch", "-q", "-c", "experiment"]);
        assert_eq!(found(&repository).as_deref(), Some("origin/work"));
        // What is noted is better than nothing.
        std::fs::remove_dir_all(&bare).unwrap();
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
    }

    #[test]
    fn a_remote_that_wants_a_password_is_none_and_nobody_is_asked() {
        let wants = [("www-authenticate", "Basic realm=\"x\"")];
        let server = Server::saying([answer("401 Unauthorized", &wants, "")]);
        let repository = Repository::with_commit();
        repository.git(&["remote", "add", "origin", &format!("{}/x.git", server.url)]);
        repository.git(&["config", "credential.helper", ""]);
        repository.shell("printf '#!/bin/sh\\ntouch asked; echo x\\n' > ask.sh; chmod +x ask.sh");
        repository.git(&["config", "core.askPass", "./ask.sh"]);
        assert_eq!(found(&repository), None);
        assert_eq!(server.seen().len(), 1);
        assert!(!repository.root().join("asked").exists());
    }

    #[test]
    fn without_a_remote_there_is_none() {
        assert_eq!(found(&Repository::with_commit()), None);
        let repository = Repository::with_commit();
        repository.git(&["remote", "add", "origin", "/nowhere/at-all.git"]);
        assert_eq!(found(&repository), None);
    }
}
