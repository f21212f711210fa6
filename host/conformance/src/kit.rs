//! Runs the checks, each in a world of its own.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tempfile::TempDir;

use super::checks::{self, Check, Checked, Not};
use super::report::{Outcome, Report, Verdict};
use super::subject::{Answers, Subject};
use super::values;
use crate::domain::Diagnostic;
use crate::files::session_key::KeyFile;
use crate::sandbox::{Capability, Grants, Loaded, Sandbox, SandboxError};

/// What all checks share.
pub(super) struct Kit<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) answers: &'a Answers,
    /// The configuration of an ordinary start.
    pub(super) config: Map<String, Value>,
    loaded: Result<Loaded, SandboxError>,
    /// For the key of session tokens, which must not be the user's.
    folder: TempDir,
}

impl Kit<'_> {
    /// The provider; skipped when there is nothing that could run.
    pub(super) fn loaded(&self) -> Result<&Loaded, Not> {
        let skipped = |_| Not::Skipped("it cannot be loaded, see `imports`".into());
        self.loaded.as_ref().map_err(skipped)
    }

    /// Why it cannot be loaded.
    pub(super) fn refusal(&self) -> Option<&SandboxError> {
        self.loaded.as_ref().err()
    }

    /// The key of session tokens.
    pub(super) fn key(&self) -> KeyFile {
        KeyFile::within(self.folder.path(), true)
    }

    /// Whether it imports a capability.
    pub(super) fn imports(&self, capability: Capability) -> bool {
        self.subject.facts.capabilities().contains(&capability)
    }
}

/// Runs all checks, or the only one that is wanted, and those that it needs.
///
/// # Errors
///
/// When there is no room for a temporary key.
pub async fn run(
    sandbox: &Sandbox,
    subject: &Subject<'_>,
    answers: &Answers,
) -> std::io::Result<Report> {
    let folder = tempfile::tempdir()?;
    let grants = Grants::only(subject.facts.capabilities());
    let loaded = Loaded::new(sandbox, &subject.shown, subject.facts, subject.code, &grants);
    let config = values::ordinary(subject.schema, &answers.config);
    let kit = Kit { subject, answers, config, loaded, folder };
    let mut done: BTreeMap<&str, Outcome> = BTreeMap::new();
    let mut shown = Vec::new();
    for check in checks::all().filter(|check| is_wanted(check.id, answers.only.as_deref())) {
        let outcome = outcome(check, look(&kit, check, &done).await);
        // Of what is only needed, what explains why the check could not run.
        let is_shown = answers.only.as_deref().is_none_or(|only| only == check.id)
            || outcome.result == Verdict::Failed;
        shown.extend(is_shown.then(|| outcome.clone()));
        done.insert(check.id, outcome);
    }
    Ok(Report { checks: shown })
}

/// Whether a check is the one that is wanted, or needed by it.
fn is_wanted(id: &str, only: Option<&str>) -> bool {
    let Some(only) = only else { return true };
    let needed = |check: &Check| check.needs.iter().any(|needed| is_wanted(id, Some(needed)));
    only == id || checks::all().find(|check| check.id == only).is_some_and(needed)
}

async fn look(kit: &Kit<'_>, check: &Check, done: &BTreeMap<&str, Outcome>) -> Checked {
    for needed in check.needs {
        match done.get(needed).map(|outcome| outcome.result) {
            Some(Verdict::Failed) => {
                return Err(Not::Skipped(format!("it needs `{needed}`, which failed")));
            }
            Some(Verdict::Skipped) => {
                return Err(Not::Skipped(format!("it needs `{needed}`, which was skipped")));
            }
            Some(Verdict::Passed) | None => {}
        }
    }
    (check.run)(kit).await
}

fn outcome(check: &Check, checked: Checked) -> Outcome {
    let (result, detail) = match checked {
        Ok(detail) => (Verdict::Passed, detail),
        Err(Not::Failed(detail)) => (Verdict::Failed, detail),
        Err(Not::Skipped(detail)) => (Verdict::Skipped, detail),
    };
    Outcome { id: check.id, title: check.title, reason: check.reason, result, detail }
}

/// What the sandbox says about the provider, without saying which one.
pub(super) fn about_it(error: &SandboxError) -> String {
    let words = in_words(error);
    words.split_once("` ").map_or(words.as_str(), |(_, rest)| rest).to_owned()
}

/// An error in one line: message and causes.
pub(super) fn in_words(error: &dyn Diagnostic) -> String {
    match error.causes().join("; ") {
        causes if causes.is_empty() => error.to_string(),
        causes => format!("{error}: {causes}"),
    }
}
