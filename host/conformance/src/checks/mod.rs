//! The rules, one entry each. `docs/provider-guide.md` has them as a table, and a
//! test compares the two.

mod abilities;
mod cancel;
mod config;
mod containers;
mod errors;
mod failure;
mod file;
mod life;
mod limits;

use futures_util::future::LocalBoxFuture;

use super::kit::Kit;

/// Why a check is not passed.
#[derive(Debug)]
pub(super) enum Not {
    /// The rule is broken: how.
    Failed(String),
    /// It says nothing about this provider: why.
    Skipped(String),
}

/// What was seen; mostly nothing that is worth a word.
pub(super) type Checked = Result<String, Not>;

/// A rule.
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) reason: &'static str,
    /// Checks that have to pass first.
    pub(super) needs: &'static [&'static str],
    pub(super) run: for<'a> fn(&'a Kit<'a>) -> LocalBoxFuture<'a, Checked>,
}

/// All of them, in the order in which they run.
pub(super) fn all() -> impl Iterator<Item = &'static Check> {
    [
        file::CHECKS,
        life::CHECKS,
        failure::CHECKS,
        cancel::CHECKS,
        containers::CHECKS,
        errors::CHECKS,
        config::CHECKS,
        abilities::CHECKS,
        limits::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// The ids of all checks, in the order in which they run.
pub fn ids() -> impl Iterator<Item = &'static str> {
    all().map(|check| check.id)
}

/// A rule that is kept, with nothing more to say.
fn passed() -> Checked {
    Ok(String::new())
}

/// A rule that is broken.
fn failed(how: impl Into<String>) -> Not {
    Not::Failed(how.into())
}

/// A rule that says nothing about this provider.
fn skipped(why: impl Into<String>) -> Not {
    Not::Skipped(why.into())
}
