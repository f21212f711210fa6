//! What goes wrong, in the words of the seam.

use crate::contract::{ContainersError, ReachError};
use crate::domain::{Advice, Diagnostic, ErrorKind};

const HINT: &str =
    "install bubblewrap (`bwrap`) or Apptainer, or ask who runs this computer to do so";

/// No runtime works on this computer.
#[derive(Debug, thiserror::Error)]
#[error("{} on this computer", self.what())]
pub(crate) struct NoRuntime {
    /// Each, and why not.
    pub(crate) tried: Vec<String>,
    /// The only one that was to be tried.
    pub(crate) wanted: Option<String>,
}

impl NoRuntime {
    fn what(&self) -> String {
        match &self.wanted {
            Some(name) if self.tried.is_empty() => {
                format!("there is no runtime of the name `{name}`")
            }
            Some(name) => format!("the runtime `{name}` does not work"),
            None => "no program that starts sessions without a container engine works".to_owned(),
        }
    }
}

impl Diagnostic for NoRuntime {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::Unavailable.hint(HINT).causes(&self.tried)
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
