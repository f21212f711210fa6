//! What a command did: its exit status and what it printed, to be asserted.

use std::path::PathBuf;

use crate::filters::filter;

/// What a command did.
pub struct Run {
    /// Its exit status; -1 when a signal ended it.
    pub status: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Bytes of memory that it had at most, up to some milliseconds before its end;
    /// none where the system does not say.
    pub peak_memory: Option<u64>,
    pub(crate) home: PathBuf,
    pub(crate) line: String,
}

impl Run {
    /// Wants exit status 0.
    #[track_caller]
    pub fn success(self) -> Self {
        self.exits(0)
    }

    /// Wants this exit status.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(
            self.status, status,
            "{}\n--- stdout\n{}\n--- stderr\n{}",
            self.line, self.stdout, self.stderr
        );
        self
    }

    /// Its standard output as JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// Everything, with what differs from run to run replaced, for snapshots.
    #[must_use]
    pub fn snapshot(&self) -> String {
        self.filtered(&format!(
            "exit status: {}\n--- stdout\n{}--- stderr\n{}",
            self.status, self.stdout, self.stderr
        ))
    }

    /// The question that was put on a terminal, filtered likewise: from `begin` to
    /// where the answer is typed.
    ///
    /// # Panics
    ///
    /// When there was no such question.
    #[must_use]
    #[track_caller]
    pub fn question(&self, begin: &str) -> String {
        let at = self.stdout.find(begin);
        let question = at.and_then(|at| self.stdout[at..].split_once("[y/N] "));
        let (question, _) = question.unwrap_or_else(|| panic!("no `{begin}` in {}", self.stdout));
        // On a line of its own where the question fills the last one.
        self.filtered(question.replace('\r', "").trim_end())
    }

    /// A part of it, filtered likewise.
    #[must_use]
    pub fn filtered(&self, text: &str) -> String {
        filter(text, &self.home)
    }
}
