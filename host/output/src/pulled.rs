//! What `renku session pull` brought.

use serde::Serialize;

/// Files and commits of a session that are here now.
#[derive(Debug, Clone, Serialize)]
pub struct Pulled {
    pub session: String,
    /// Files that are new or changed, relative to the project.
    pub changed: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// The branch that has the session's commits, or the reference under which
    /// they are kept; none when there were none.
    pub commits: Option<String>,
}

impl Pulled {
    /// One line a file, as `git status --short` would mark it.
    pub(super) fn lines(&self) -> String {
        let changed = self.changed.iter().map(|path| format!("M {path}\n"));
        changed.chain(self.removed.iter().map(|path| format!("D {path}\n"))).collect()
    }

    /// The same in a sentence.
    pub(super) fn sentence(&self) -> String {
        let files = self.changed.len() + self.removed.len();
        let session = &self.session;
        let commits = match &self.commits {
            Some(name) => format!("; its commits are on `{name}`"),
            None => String::new(),
        };
        match files {
            0 if self.commits.is_none() => format!("Session `{session}` changed nothing"),
            1 => format!("Copied 1 file from session `{session}`{commits}"),
            files => format!("Copied {files} files from session `{session}`{commits}"),
        }
    }
}
