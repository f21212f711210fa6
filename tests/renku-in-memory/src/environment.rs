//! What the test has given to this process.

use std::path::{Path, PathBuf};

use rustix::process::{Pid, test_kill_process};

use crate::{ENGINE, TEST};

/// What the test has given to this process.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// The folder of the engine.
    pub(crate) engine: PathBuf,
    /// The process of the test.
    pub(crate) test: String,
}

impl Environment {
    /// Reads the environment.
    pub(crate) fn read() -> Result<Self, String> {
        let value = |name: &str| std::env::var(name).map_err(|_| format!("`{name}` is not set"));
        Ok(Self { engine: value(ENGINE)?.into(), test: value(TEST)? })
    }

    /// The folder of a program.
    pub(crate) fn program(&self, id: &str) -> PathBuf {
        self.engine.join("programs").join(id)
    }

    /// Whether the test still goes on, and a program with this folder with it.
    pub(crate) fn go_on(&self, program: &Path) -> bool {
        let test = self.test.parse().ok().and_then(Pid::from_raw);
        program.exists() && test.is_some_and(|test| test_kill_process(test).is_ok())
    }
}
