//! The repository beside its upstream: what a session that starts from a server's
//! copy must know, and what a push would do.

use super::error::ProjectError;
use super::git::{Repository, Status, Untracked, without_credentials};
use crate::domain::RepositoryStatus;

/// The remote of a branch that follows another one of the same repository.
const HERE: &str = ".";

/// What is checked out, and where a push of it would go. Counts are those that git knows
/// without asking a server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkout {
    pub status: RepositoryStatus,
    /// None when there is no place to push to.
    pub push: Option<PushTarget>,
}

/// Where a push of the branch goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushTarget {
    /// The remote, by name.
    pub remote: String,
    /// The full name of the branch there, `refs/heads/main`.
    pub reference: String,
    /// Where the remote is, without credentials; it may be at several places.
    pub addresses: Vec<String>,
}

/// Asks git.
///
/// # Errors
///
/// When git fails.
pub(super) fn read(repository: &Repository) -> Result<Checkout, ProjectError> {
    let configuration = repository.configuration();
    let mut status = understood(&repository.status(Untracked::Folders, true)?);
    let branch = status.branch.clone();
    let own = branch.as_deref().and_then(|branch| configuration.upstream(branch));
    if own == Some(HERE) {
        // It follows another branch of this repository: that is no place to push to.
        status = RepositoryStatus { upstream: None, ahead: None, behind: None, ..status };
    }
    let push = branch.as_deref().and_then(|branch| {
        let reference = configuration.merge(branch)?.to_owned();
        let remote = own.filter(|own| *own != HERE)?.to_owned();
        let addresses = configuration.push_addresses(&remote).into_iter();
        let addresses = addresses.map(without_credentials).collect();
        Some(PushTarget { remote, reference, addresses })
    });
    let mut remotes = configuration.remotes();
    remotes.sort_by_key(|(name, _)| (Some(*name) != own, *name != "origin"));
    for (_, url) in remotes {
        let url = without_credentials(url);
        if !status.remote_urls.contains(&url) {
            status.remote_urls.push(url);
        }
    }
    Ok(Checkout { status, push })
}

/// What `--branch` tells.
fn understood(status: &Status) -> RepositoryStatus {
    let mut state = RepositoryStatus { dirty: status.changed > 0, ..RepositoryStatus::default() };
    for (name, value) in &status.headers {
        match (name.as_str(), value.as_str()) {
            ("branch.oid", "(initial)") | ("branch.head", "(detached)") => {}
            ("branch.oid", commit) => state.head = Some(commit.to_owned()),
            ("branch.head", branch) => state.branch = Some(branch.to_owned()),
            ("branch.upstream", upstream) => state.upstream = Some(upstream.to_owned()),
            ("branch.ab", counts) => {
                let mut counts = counts.split(' ').map(|count| count.get(1..)?.parse().ok());
                state.ahead = counts.next().flatten();
                state.behind = counts.next().flatten();
            }
            _ => {}
        }
    }
    state
}

/// A branch as people write it.
pub(super) fn short_name(reference: &str) -> &str {
    reference.strip_prefix("refs/heads/").unwrap_or(reference)
}

impl PushTarget {
    /// The branch as people write it.
    #[must_use]
    pub fn branch(&self) -> &str {
        short_name(&self.reference)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Project;
    use super::super::testing::Repository;
    use super::*;

    fn checkout(repository: &Repository) -> Checkout {
        Project::locate(repository.root()).unwrap().repository().unwrap()
    }

    #[test]
    fn before_the_first_commit_there_is_only_a_branch() {
        let repository = Repository::empty();
        let branch = Some("main".to_owned());
        let status = RepositoryStatus { branch, ..RepositoryStatus::default() };
        assert_eq!(checkout(&repository), Checkout { status, push: None });
        repository.write("new", "x");
        assert!(checkout(&repository).status.dirty);
    }

    #[test]
    fn the_branch_is_compared_with_its_upstream() {
        let repository = Repository::with_commit();
        let bare = repository.root().join("../remote.git");
        repository.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
        repository.git(&["remote", "add", "elsewhere", "https://jane:secret@b.example/x.git"]);
        repository.git(&["remote", "add", "team", bare.to_str().unwrap()]);
        repository.git(&["push", "-q", "-u", "team", "main:work/main"]);
        repository.write("a", "1").commit();
        repository.write("a", "2").commit();
        let Checkout { status, push } = checkout(&repository);
        assert_eq!(
            status,
            RepositoryStatus {
                branch: Some("main".into()),
                head: Some(repository.git(&["rev-parse", "HEAD"])),
                dirty: false,
                upstream: Some("team/work/main".into()),
                ahead: Some(2),
                behind: Some(0),
                remote_urls: vec![
                    bare.to_str().unwrap().to_owned(),
                    "https://b.example/x.git".into()
                ],
            }
        );
        let target = PushTarget {
            remote: "team".into(),
            reference: "refs/heads/work/main".into(),
            addresses: vec![bare.to_str().unwrap().to_owned()],
        };
        assert_eq!(push.as_ref(), Some(&target));
        assert_eq!(target.branch(), "work/main");
    }

    #[test]
    fn a_branch_that_follows_another_one_here_is_pushed_nowhere() {
        let repository = Repository::with_commit();
        repository.git(&["switch", "-q", "--track", "-c", "experiment", "main"]);
        repository.write("a", "1").commit();
        let Checkout { status, push } = checkout(&repository);
        assert_eq!((status.upstream, status.ahead, push), (None, None, None));
    }

    #[test]
    fn a_detached_head_has_no_branch() {
        let repository = Repository::with_commit();
        repository.git(&["checkout", "-q", "--detach"]);
        let Checkout { status, push } = checkout(&repository);
        assert_eq!((status.branch, push), (None, None));
        assert!(status.head.is_some());
    }

    #[test]
    fn a_push_goes_where_the_remote_is_pushed_to() {
        let (repository, bare) = Repository::with_remote();
        let elsewhere = "https://jane:s3cret@git.example/x.git";
        repository.git(&["config", "remote.origin.pushurl", elsewhere]);
        let Checkout { status, push } = checkout(&repository);
        assert_eq!(push.unwrap().addresses, ["https://git.example/x.git"]);
        assert_eq!(status.remote_urls, [bare]);
    }
}
