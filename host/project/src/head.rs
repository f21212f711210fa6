//! Which branch and which commit are checked out.

use std::path::Path;

use super::error::ProjectError;
use super::git;

/// What HEAD is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The branch, without `refs/heads/`; none when HEAD is detached.
    pub(super) branch: Option<String>,
    /// The commit; none before the first one.
    pub(super) commit: Option<String>,
}

impl Head {
    /// Asks git: one process in the usual case, three before the first commit.
    ///
    /// # Errors
    ///
    /// When git fails.
    pub(super) fn read(root: &Path) -> Result<Self, ProjectError> {
        let both = git::ask(root, &["rev-parse", "HEAD", "--symbolic-full-name", "HEAD"])?;
        if both.success {
            let text = String::from_utf8_lossy(&both.stdout);
            let mut lines = text.lines();
            let commit = lines.next().map(str::to_owned);
            return Ok(Self { branch: lines.next().and_then(branch), commit });
        }
        // It fails for an unborn branch and for anything else alike; these two
        // tell a "no" (exit status 1) from a failure.
        Ok(Self {
            branch: optional(root, &["symbolic-ref", "-q", "HEAD"])?.as_deref().and_then(branch),
            commit: optional(root, &["rev-parse", "-q", "--verify", "HEAD^{commit}"])?,
        })
    }
}

/// What git prints; none when it says no (exit status 1).
pub(super) fn optional(root: &Path, arguments: &[&str]) -> Result<Option<String>, ProjectError> {
    let answer = git::ask(root, arguments)?;
    match answer.code {
        Some(0) => Ok(Some(String::from_utf8_lossy(&answer.stdout).trim_end().to_owned())),
        Some(1) => Ok(None),
        _ => Err(answer.failure(arguments)),
    }
}

fn branch(reference: &str) -> Option<String> {
    reference.strip_prefix("refs/heads/").map(str::to_owned)
}

/// A branch as people write it.
pub(super) fn short_name(reference: &str) -> &str {
    reference.strip_prefix("refs/heads/").unwrap_or(reference)
}
