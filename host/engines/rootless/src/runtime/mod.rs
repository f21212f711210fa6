//! Programs that make the box of a session without being root. One file each: whether it
//! works here (tried: many systems forbid it), its command line, what it cannot do.

mod apptainer;
mod begun;
mod bubblewrap;
mod runc;

use std::io;
use std::path::Path;

use crate::error::NoRuntime;
use crate::program::Program;

pub(crate) use begun::{Begun, Way};

/// A program that makes boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runtime {
    Apptainer,
    Bubblewrap,
    Runc,
}

/// One that works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Working {
    pub(crate) runtime: Runtime,
    pub(crate) version: String,
}

impl Runtime {
    /// In the order in which they are tried.
    pub(crate) const ALL: [Self; 3] = [Self::Apptainer, Self::Bubblewrap, Self::Runc];

    /// The one that is wanted, else the first that works here.
    ///
    /// # Errors
    ///
    /// Each, and why it does not.
    pub(crate) async fn find(wanted: Option<&str>) -> Result<Working, NoRuntime> {
        let mut tried = Vec::new();
        for runtime in Self::ALL {
            if wanted.is_some_and(|name| name != runtime.name()) {
                continue;
            }
            match runtime.version().await {
                Ok(version) => return Ok(Working { runtime, version }),
                Err(reason) => tried.push(format!("{}: {reason}", runtime.name())),
            }
        }
        Err(NoRuntime { tried, wanted: wanted.map(str::to_owned) })
    }

    /// The one of this name, which was found before.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|runtime| runtime.name() == name)
    }

    /// What a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Apptainer => apptainer::NAME,
            Self::Bubblewrap => bubblewrap::NAME,
            Self::Runc => runc::NAME,
        }
    }

    async fn version(self) -> Result<String, String> {
        match self {
            Self::Apptainer => apptainer::version().await,
            Self::Bubblewrap => bubblewrap::version().await,
            Self::Runc => runc::version().await,
        }
    }

    /// Whether its user is root in the box.
    pub(crate) fn is_root_inside(self) -> bool {
        self == Self::Runc
    }

    /// Starts a program in a box, whose output goes to `output`. The runtime may keep
    /// files in `scratch`, an empty folder of the session.
    pub(crate) fn start(
        self,
        program: &Program,
        scratch: &Path,
        output: io::PipeWriter,
    ) -> io::Result<Begun> {
        match self {
            Self::Apptainer => apptainer::start(program, scratch, output),
            Self::Bubblewrap => bubblewrap::start(program, output),
            Self::Runc => runc::start(program, scratch, output),
        }
    }

    /// Ends what is left of a box whose supervisor was killed.
    pub(crate) async fn end_left(self, scratch: &Path) {
        if self == Self::Runc {
            runc::end_left(scratch).await;
        }
    }
}
