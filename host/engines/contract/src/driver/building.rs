//! A build as its builder sees it.

use crate::containers::Ledger;
use crate::domain::Phase;

/// A build under way: who hears of it, and what it would leave.
#[derive(Clone, Copy)]
pub struct Building<'a> {
    pub(crate) phase: &'a Phase,
    pub(crate) ledger: &'a Ledger,
}

impl Building<'_> {
    /// It is at this step of so many.
    pub fn step(&self, number: u64, total: u64) {
        self.phase.amount(number, total, "steps");
    }

    /// What it does.
    pub fn note(&self, text: &str) {
        self.phase.note(text);
    }

    /// The images without a name that it has made so far, the newest last: leftovers
    /// if it does not come to its end.
    pub fn leaves(&self, ids: &[String]) {
        self.ledger.set_step_images(ids);
    }
}
