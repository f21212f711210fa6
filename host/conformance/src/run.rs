//! Runs the checks, each in a world of its own.

use std::collections::BTreeMap;

use super::checks::{self, Check, Checked, Not};
use super::kit::Kit;
use super::report::{Outcome, Report, Verdict};
use super::subject::{Answers, Subject};
use crate::sandbox::Sandbox;

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
    let kit = Kit::new(sandbox, subject, answers)?;
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
