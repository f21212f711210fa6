//! The carrier of everything that can go wrong, from where it happens to where it is
//! printed.

use crate::domain::Diagnostic;

/// Any failure on its way to `output::errors`.
pub(super) struct Failure(pub(super) Box<dyn Diagnostic>);

impl Failure {
    /// The error itself, when it is of this type.
    pub(super) fn as_a<E: std::error::Error + 'static>(&self) -> Option<&E> {
        let error: &(dyn std::error::Error + 'static) = self.0.as_ref();
        error.downcast_ref()
    }
}

impl<E: Diagnostic + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}
