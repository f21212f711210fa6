//! Programs that make the box of a session without being root. One file each: whether it
//! is here, whether it works here (tried: many systems forbid it), its command line.

mod begun;
mod bubblewrap;

use std::io;

use crate::error::NoRuntime;
use crate::program::Program;

pub(crate) use begun::Begun;
use bubblewrap::Bubblewrap;

/// A runtime that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Runtime {
    Bubblewrap(Bubblewrap),
}

impl Runtime {
    /// The first that works here.
    ///
    /// # Errors
    ///
    /// Each, and why it does not.
    pub(crate) async fn find() -> Result<Self, NoRuntime> {
        match Bubblewrap::find().await {
            Ok(bubblewrap) => Ok(Self::Bubblewrap(bubblewrap)),
            Err(reason) => Err(NoRuntime { tried: vec![format!("bubblewrap: {reason}")] }),
        }
    }

    /// What a person calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Bubblewrap(_) => Bubblewrap::NAME,
        }
    }

    /// Its version, as it prints it.
    pub(crate) fn version(&self) -> &str {
        match self {
            Self::Bubblewrap(it) => &it.version,
        }
    }

    /// Starts a program in a box, whose output goes to `output`.
    pub(crate) fn start(&self, program: &Program, output: io::PipeWriter) -> io::Result<Begun> {
        match self {
            Self::Bubblewrap(it) => it.start(program, output),
        }
    }
}
