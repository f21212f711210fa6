//! What came of the checks.

use serde::Serialize;

/// Whether a rule is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Passed,
    Failed,
    /// It says nothing about this provider, or could not be looked at.
    Skipped,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What came of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The check's id, which never changes.
    pub id: &'static str,
    pub title: &'static str,
    /// Why there is this rule.
    pub reason: &'static str,
    /// Whether it is kept.
    pub result: Verdict,
    /// What was seen: why it failed or was skipped, or a figure.
    pub detail: String,
}

/// What came of all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In the order in which they ran.
    pub checks: Vec<Outcome>,
}

impl Report {
    /// How many ended like this.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.checks.iter().filter(|check| check.result == verdict).count()
    }
}
