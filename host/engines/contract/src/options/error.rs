//! A value that cannot be used: which option, why, and what works.

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// A wrong value, found before anything runs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}`: {reason}")]
pub struct OptionError {
    /// The option and its value, as they were given.
    given: String,
    reason: String,
    hint: Option<String>,
}

impl OptionError {
    pub(super) fn new(given: String, reason: impl Into<String>, hint: Option<String>) -> Self {
        Self { given, reason: reason.into(), hint }
    }
}

impl Diagnostic for OptionError {
    fn advice(&self) -> Advice<'_> {
        Advice { hint: self.hint.clone(), ..ErrorKind::InvalidInput.alone() }
    }
}
