//! What goes wrong, in the words of the seam.

use crate::contract::{ContainersError, ReachError};
use crate::domain::{Advice, Diagnostic, ErrorKind};

/// No runtime works on this computer.
#[derive(Debug, thiserror::Error)]
#[error("no program that starts sessions without a container engine works on this computer")]
pub(crate) struct NoRuntime {
    /// Each, and why not.
    pub(crate) tried: Vec<String>,
}

impl Diagnostic for NoRuntime {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::Unavailable
            .hint("install bubblewrap (`bwrap`), or ask who runs this computer to do so")
            .causes(&self.tried)
    }
}

impl From<NoRuntime> for ContainersError {
    fn from(error: NoRuntime) -> Self {
        ReachError::NoEngine(Box::new(error)).into()
    }
}

/// It failed to do this.
pub(crate) fn failed(action: &'static str, message: impl ToString) -> ContainersError {
    ContainersError::Engine { action, message: message.to_string() }
}

/// The same with everything that an error says about its causes.
pub(crate) fn io_failed(action: &'static str, error: &dyn std::error::Error) -> ContainersError {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let text = deeper.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = deeper.source();
    }
    failed(action, message)
}
