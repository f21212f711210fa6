//! What goes wrong while a command goes on. Progress goes through
//! [`Reporter`](crate::domain::Reporter).

use crate::domain::Diagnostic;

/// Whoever hears of what does not end a command.
pub trait Notices: Send + Sync {
    /// Something went wrong, and the command goes on.
    fn warning(&self, error: &dyn Diagnostic);

    /// The sessions of a provider are missing from what follows.
    fn not_shown(&self, provider: &str, error: &dyn Diagnostic);

    /// The phase of progress that was reported last failed.
    fn phase_failed(&self);
}

/// Who hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unnoticed;

impl Notices for Unnoticed {
    fn warning(&self, _: &dyn Diagnostic) {}

    fn not_shown(&self, _: &str, _: &dyn Diagnostic) {}

    fn phase_failed(&self) {}
}
