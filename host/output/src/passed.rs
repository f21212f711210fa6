//! What a command in a session writes: passed on as it is, to both outputs.

use std::io::{self, Write as _};

/// The outputs of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct PassedOn;

impl PassedOn {
    /// To standard output.
    ///
    /// # Errors
    ///
    /// When nobody reads any more, or the medium is full.
    pub fn out(self, bytes: &[u8]) -> io::Result<()> {
        let mut output = io::stdout().lock();
        output.write_all(bytes)?;
        output.flush()
    }

    /// To standard error.
    ///
    /// # Errors
    ///
    /// As [`Self::out`].
    pub fn err(self, bytes: &[u8]) -> io::Result<()> {
        io::stderr().lock().write_all(bytes)
    }
}
