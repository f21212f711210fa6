//! The carrier of everything that can go wrong, from where it happens to where it is
//! shown.

use crate::domain::Diagnostic;

/// Any failure of a command.
pub struct Failure(pub Box<dyn Diagnostic>);

impl Failure {
    /// The error itself, when it is of this type.
    #[must_use]
    pub fn as_a<E: std::error::Error + 'static>(&self) -> Option<&E> {
        let error: &(dyn std::error::Error + 'static) = self.0.as_ref();
        error.downcast_ref()
    }

    /// The same, to complete it.
    #[must_use]
    pub fn as_a_mut<E: std::error::Error + 'static>(&mut self) -> Option<&mut E> {
        let error: &mut (dyn std::error::Error + 'static) = self.0.as_mut();
        error.downcast_mut()
    }
}

impl std::fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.0, formatter)
    }
}

impl<E: Diagnostic + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}
