//! Commands in the container of a session: what the user types there, what it reads and
//! what becomes of what it writes. No provider reaches this.

use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;

/// A command in a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExecSpec {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// More variables.
    pub environment: Vec<(String, String)>,
    /// Where it begins; none: where the session's own program did.
    pub working_directory: Option<String>,
    /// As whom it runs; none: as the session's own program was started.
    pub user: Option<String>,
    /// The size of its terminal; none: it has none.
    pub terminal: Option<TerminalSize>,
}

/// Columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

/// What comes to a running command. That nothing more comes is the end of its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecInput {
    /// What it reads.
    Bytes(Vec<u8>),
    /// Its terminal has another size now.
    Resized(TerminalSize),
    /// The user pressed Ctrl-C, and it has no terminal that would know.
    Interrupt,
}

/// Where a command writes.
pub trait ExecOutput: Send + Sync {
    /// To its standard output, or its terminal.
    ///
    /// # Errors
    ///
    /// When nobody reads any more.
    fn out(&self, bytes: &[u8]) -> io::Result<()>;

    /// To its standard error.
    ///
    /// # Errors
    ///
    /// When nobody reads any more.
    fn err(&self, bytes: &[u8]) -> io::Result<()>;
}

/// Both ends of a command.
pub struct ExecStreams {
    pub input: mpsc::Receiver<ExecInput>,
    pub output: Arc<dyn ExecOutput>,
}

/// What of a container is the same for every command in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The container's name.
    pub container: String,
    /// Where its program began.
    pub working_directory: String,
}
