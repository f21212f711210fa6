//! What the remote says of itself: which branch a fresh copy of it begins with, and
//! how far it is with the branch that the one here is pushed to.

use std::time::Duration;

use super::error::ProjectError;
use super::git::{self, Head, Private, REMOTE, Repository};
use super::repository::short_name;

/// How long the remote may think about it.
const PATIENCE: Duration = Duration::from_secs(5);

/// When the remote is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Not at all: what git noted is all there is.
    Never,
    /// Unless git noted that it begins with the upstream of the branch.
    Unnoted,
    /// In any case: what git noted and fetched may be old.
    Always,
}

/// The remote that the branch is pushed to, else `origin`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remote {
    /// The branch that a fresh copy begins with, `origin/main`; none when nobody
    /// knows.
    pub default_branch: Option<String>,
    /// How far the upstream is there.
    pub upstream: Upstream,
    /// Its name and why it said nothing, when it was asked in vain.
    pub silent: Option<(String, String)>,
}

/// The upstream as its server has it, beside the commit here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Upstream {
    #[default]
    Unknown,
    /// How many commits only one of the two has.
    Compared { ahead: u32, behind: u32 },
    /// It is at a commit that was never fetched, or is gone.
    Unfetched,
}

/// What a remote said.
struct Told {
    default_branch: Option<String>,
    /// The commit that the upstream is at.
    upstream: Option<String>,
}

/// Asks the remote where `asking` says so: as the user, without a question, and not
/// for long.
///
/// # Errors
///
/// When git fails here; a remote that does not answer is `silent`.
pub(super) async fn find(
    repository: &Repository,
    here: &Head,
    asking: Asking,
) -> Result<Remote, ProjectError> {
    let configuration = repository.configuration();
    let branch = here.branch.as_deref();
    let own = branch.and_then(|branch| configuration.upstream(branch));
    let remotes = configuration.remotes();
    let wanted = [own, Some("origin")].into_iter().flatten();
    let known = |name: &&str| remotes.iter().any(|(remote, _)| remote == name);
    let Some(remote) = wanted.into_iter().find(known) else { return Ok(Remote::default()) };
    let upstream = branch.filter(|_| own == Some(remote));
    let upstream = upstream.and_then(|branch| configuration.merge(branch));
    let named = |branch: &str| format!("{remote}/{}", short_name(branch));
    if asking != Asking::Always {
        let noted = noted(repository, remote)?;
        let usual = noted.is_some() && noted == upstream.map(named);
        if usual || asking == Asking::Never {
            return Ok(Remote { default_branch: noted, ..Remote::default() });
        }
    }
    let late = |_| Ok(Err(format!("no answer within {} s", PATIENCE.as_secs())));
    let copy = repository.copy()?;
    let asked = ask(repository, &copy, remote, upstream);
    let told = tokio::time::timeout(PATIENCE, asked).await;
    let told = match told.unwrap_or_else(late)? {
        Ok(told) => told,
        Err(reason) => {
            return Ok(Remote {
                default_branch: noted(repository, remote)?,
                silent: Some((remote.to_owned(), reason)),
                ..Remote::default()
            });
        }
    };
    let default_branch = match &told.default_branch {
        Some(branch) => Some(named(branch)),
        None => noted(repository, remote)?,
    };
    let upstream = match (upstream, here.commit.as_deref(), told.upstream.as_deref()) {
        (Some(_), Some(here), Some(there)) => compare(&copy, here, there).await?,
        (Some(_), Some(_), None) => Upstream::Unfetched,
        _ => Upstream::Unknown,
    };
    Ok(Remote { default_branch, upstream, silent: None })
}

/// What git noted when the remote was cloned, as `origin/main`.
fn noted(repository: &Repository, remote: &str) -> Result<Option<String>, ProjectError> {
    let noted = repository.named_by(&format!("refs/remotes/{remote}/HEAD"))?;
    Ok(noted.and_then(|branch| branch.strip_prefix("refs/remotes/").map(str::to_owned)))
}

/// Asks the remote for its HEAD, and for `upstream`; else why it prints nothing.
async fn ask(
    repository: &Repository,
    copy: &Private,
    remote: &str,
    upstream: Option<&str>,
) -> Result<Result<Told, String>, ProjectError> {
    let addresses = match repository.fetch_address(remote) {
        Ok(addresses) => addresses,
        Err(ProjectError::AddressRefused { reason, .. }) => {
            return Ok(Err(format!("its address is not used: {reason}")));
        }
        Err(error) => return Err(error),
    };
    let mut command = copy.talking_to(&addresses, false)?;
    command.args(["ls-remote", "--symref", "--", REMOTE, "HEAD"]).args(upstream);
    // Nor in a window: an empty one is none (gitcredentials(7)), and Git Credential
    // Manager has a variable of its own.
    command.env("GIT_ASKPASS", "").env("GCM_INTERACTIVE", "never");
    let output = git::wait(command).await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().map(str::trim).find(|line| !line.is_empty());
        return Ok(Err(said.unwrap_or("it prints nothing").to_owned()));
    }
    // `ref: refs/heads/main TAB HEAD`, then `COMMIT TAB NAME` (git-ls-remote(1)).
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = || text.lines().filter_map(|line| line.split_once('\t'));
    let default = lines().find_map(|(what, name)| {
        what.strip_prefix("ref: ").filter(|_| name == "HEAD").map(str::to_owned)
    });
    let upstream = lines().find(|(_, name)| upstream == Some(*name));
    Ok(Ok(Told {
        default_branch: default,
        upstream: upstream.map(|(commit, _)| commit.to_owned()),
    }))
}

/// Counts what only one of two commits has.
async fn compare(copy: &Private, here: &str, there: &str) -> Result<Upstream, ProjectError> {
    if here == there {
        return Ok(Upstream::Compared { ahead: 0, behind: 0 });
    }
    let mut command = copy.command();
    command.args(["rev-list", "--left-right", "--count", &format!("{here}...{there}"), "--"]);
    let output = git::wait(command).await?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut counts = text.split_whitespace().map(|count| count.parse().ok());
    Ok(match (output.status.success(), counts.next().flatten(), counts.next().flatten()) {
        (true, Some(ahead), Some(behind)) => Upstream::Compared { ahead, behind },
        _ => Upstream::Unfetched,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Project;
    use super::super::testing::Repository;
    use super::{Asking, Remote, Upstream};
    use renku_session_testing::server::{Server, answer};

    fn asked(repository: &Repository, asking: Asking) -> Remote {
        let project = Project::locate(repository.root()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(project.remote(asking)).unwrap()
    }

    fn found(repository: &Repository) -> Option<String> {
        asked(repository, Asking::Unnoted).default_branch
    }

    fn upstream(repository: &Repository) -> Upstream {
        asked(repository, Asking::Always).upstream
    }

    /// A commit that only the bare repository has, on top of what it has.
    fn somebody_pushes(repository: &Repository, bare: &str) -> String {
        let git = |arguments: &[&str]| {
            repository.git(
                &[&["--git-dir", bare, "-c", "user.name=x", "-c", "user.email=x"], arguments]
                    .concat(),
            )
        };
        let commit = git(&["commit-tree", "-p", "main", "-m", "theirs", "main^{tree}"]);
        git(&["update-ref", "refs/heads/main", &commit]);
        commit
    }

    #[test]
    fn a_remote_that_was_never_cloned_is_asked() {
        let (repository, _) = Repository::with_remote();
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
        repository.git(&["switch", "-q", "-c", "experiment"]);
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
    }

    #[test]
    fn a_note_of_git_is_believed_only_when_it_is_the_upstream() {
        let (repository, bare) = Repository::with_remote();
        repository.git(&["remote", "set-head", "origin", "main"]);
        repository.git(&["push", "-q", "origin", "main:work"]);
        repository.git(&["--git-dir", &bare, "symbolic-ref", "HEAD", "refs/heads/work"]);
        // In the usual case nobody is asked, but by a start.
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
        let default_branch = asked(&repository, Asking::Always).default_branch;
        assert_eq!(default_branch.as_deref(), Some("origin/work"));
        repository.git(&["switch", "-q", "-c", "experiment"]);
        assert_eq!(found(&repository).as_deref(), Some("origin/work"));
        let default_branch = asked(&repository, Asking::Never).default_branch;
        assert_eq!(default_branch.as_deref(), Some("origin/main"));
        // What is noted is better than nothing.
        std::fs::remove_dir_all(&bare).unwrap();
        assert_eq!(found(&repository).as_deref(), Some("origin/main"));
    }

    #[test]
    fn the_server_says_what_git_has_not_fetched() {
        let (repository, bare) = Repository::with_remote();
        assert_eq!(upstream(&repository), Upstream::Compared { ahead: 0, behind: 0 });
        repository.write("ours", "1").commit();
        assert_eq!(upstream(&repository), Upstream::Compared { ahead: 1, behind: 0 });
        let theirs = somebody_pushes(&repository, &bare);
        assert_eq!(upstream(&repository), Upstream::Unfetched);
        // Fetched, and into another place than the one that belongs to the upstream.
        repository.git(&["fetch", "-q", &bare, &theirs]);
        assert_eq!(upstream(&repository), Upstream::Compared { ahead: 1, behind: 1 });
        repository.git(&["--git-dir", &bare, "update-ref", "-d", "refs/heads/main"]);
        assert_eq!(upstream(&repository), Upstream::Unfetched);
    }

    #[test]
    fn a_remote_that_is_away_is_named_with_what_git_says() {
        let (repository, bare) = Repository::with_remote();
        std::fs::remove_dir_all(&bare).unwrap();
        let remote = asked(&repository, Asking::Always);
        assert_eq!(remote.upstream, Upstream::Unknown);
        let (name, reason) = remote.silent.unwrap();
        assert_eq!(name, "origin");
        assert!(reason.ends_with("does not appear to be a git repository"), "{reason}");
        assert_eq!(asked(&repository, Asking::Never), Remote::default());
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
