//! How a provider builds the error record of the contract: kind and message
//! first, then what helps.
//!
//! A message is one sentence, lower-case start, no full stop; help is what the
//! user can type or change next.

use crate::types::{Error, ErrorKind};

impl Error {
    /// An error with neither help nor causes.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None, causes: Vec::new() }
    }

    /// The user's input cannot work.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// The named session, image or project does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// It exists already, or its state does not allow this.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// A login is missing or has expired.
    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unauthenticated, message)
    }

    /// The user, a grant or the engine forbids this.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Denied, message)
    }

    /// The engine or service cannot be reached or is broken.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// It took longer than allowed.
    pub fn timeout(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Timeout, message)
    }

    /// The engine or service cannot do what was asked.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// None of the other kinds.
    pub fn other(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Other, message)
    }

    /// Says what the user can do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a cause behind those there are.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Whether this says that the thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_built_up_in_the_order_it_is_read() {
        let error = Error::conflict("`a` has ended")
            .help("run `renku session start`")
            .cause("out of memory")
            .cause("exit status 137");
        assert_eq!(
            (error.kind, error.message.as_str(), error.help.as_deref(), error.causes),
            (
                ErrorKind::Conflict,
                "`a` has ended",
                Some("run `renku session start`"),
                vec!["out of memory".to_owned(), "exit status 137".to_owned()]
            )
        );
    }
}
