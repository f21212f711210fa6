//! The rules, one entry each. `docs/provider-guide.md` has them as a table, and a
//! test compares the two.

mod abilities;
mod cancel;
mod check;
mod checked;
mod config;
mod containers;
mod errors;
mod failure;
mod file;
mod life;
mod limits;
mod reads;

pub(super) use check::Check;
pub(super) use checked::{Checked, Not};

/// All of them, in the order in which they run.
pub(super) fn all() -> impl Iterator<Item = &'static Check> {
    [
        file::CHECKS,
        life::CHECKS,
        reads::CHECKS,
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
