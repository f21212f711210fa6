//! Typing without echo.

use std::io;

/// Typing is hidden as long as this lives.
#[cfg(unix)]
pub(super) struct Echo {
    original: rustix::termios::Termios,
}

#[cfg(unix)]
impl Echo {
    /// Hides what is typed on standard input, a terminal.
    pub(super) fn off() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let original = tcgetattr(io::stdin())?;
        let mut hidden = original.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        // What was typed ahead was not meant for this question.
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Self { original })
    }
}

#[cfg(unix)]
impl Drop for Echo {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Without a terminal there is nothing to give back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.original);
    }
}

/// Elsewhere a secret cannot be typed; `--answer` gives it.
#[cfg(not(unix))]
pub(super) struct Echo;

#[cfg(not(unix))]
impl Echo {
    pub(super) fn off() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
