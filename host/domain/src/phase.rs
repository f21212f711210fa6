//! A phase of progress that ends with its scope, also when the call is dropped
//! in the middle.

use std::sync::Arc;

use crate::Reporter;

/// A phase under way.
pub struct Phase(Arc<dyn Reporter>);

impl Phase {
    /// Begins a phase.
    pub fn begin(reporter: &Arc<dyn Reporter>, name: &str) -> Self {
        reporter.phase(name);
        Self(Arc::clone(reporter))
    }

    /// It is at `done` of `total`.
    pub fn amount(&self, done: u64, total: u64, unit: &str) {
        self.0.amount(done, total, unit);
    }

    /// A detail, replacing the one before.
    pub fn note(&self, text: &str) {
        self.0.note(text);
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        self.0.finish();
    }
}
