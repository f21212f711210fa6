//! Programs that make the box of a session without being root. One file each: whether it
//! is here, whether it works here (tried: many systems forbid it), its command line.

mod bubblewrap;

use std::io;
use std::path::PathBuf;

use tokio::process::{Child, Command};

use crate::error::NoRuntime;
use crate::program::Program;

pub(crate) use bubblewrap::Bubblewrap;

/// A runtime that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Runtime {
    Bubblewrap(Bubblewrap),
}

/// A box that was started.
pub(crate) struct Started {
    /// The runtime. When it ends, everything in the box does.
    pub(crate) child: Child,
    /// What reports the first process in the box.
    pub(crate) report: io::PipeReader,
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
    pub(crate) fn start(&self, program: &Program, output: io::PipeWriter) -> io::Result<Started> {
        match self {
            Self::Bubblewrap(it) => it.start(program, output),
        }
    }
}

/// Where a program is, on `PATH`.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&path).filter(|place| place.is_absolute());
    places.map(|place| place.join(name)).find(|file| file.is_file())
}

/// Runs a command to its end. Its output, or why it failed in its own words.
async fn tried(command: &mut Command) -> Result<String, String> {
    let output = command.output().await.map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match (output.status.success(), text(&output.stderr)) {
        (true, _) => Ok(text(&output.stdout)),
        (false, reason) if reason.is_empty() => Err(format!("it ended with {}", output.status)),
        (false, reason) => Err(reason),
    }
}
