//! How a user ends a command: Ctrl-C, a polite kill, or closing the terminal. One rule
//! for all commands:
//!
//! * The first signal ends the command at once, wherever it waits: its future is
//!   dropped. A command that has something to undo or to finish holds an `OwnEnd` of its
//!   [`Cancel`], and has [`OWN_END`] for it.
//! * A second Ctrl-C or kill ends the program now. A terminal that closes may say so
//!   twice, and has nobody who waits: its second signal does not count.
//! * The exit status is 128 and the number of the signal: 129, 130 or 143.
//!
//! Signals are received on a thread of their own, before anything else is done: a
//! command that computes, or waits for git, hears of them, too.

mod ignored;
mod receive;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::error::Failure;
use crate::domain::{ErrorKind, ExitStatus};
use crate::sandbox::Cancel;
use crate::sessions::SessionsError;

/// How long a command may take to undo or finish what it began: 30 s for the provider,
/// 15 s for the engine.
const OWN_END: Duration = Duration::from_secs(50);
/// How long a command may compute, or wait for another program, before the program
/// ends without it.
const STUCK: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// The signals of this process.
#[derive(Clone, Default)]
pub(super) struct Signals {
    cancel: Cancel,
    first: Arc<OnceLock<ExitStatus>>,
}

impl Signals {
    /// Begins to receive them.
    pub(super) fn watch() -> Self {
        let signals = Self::default();
        let (first, then) = (signals.clone(), signals.clone());
        receive::on_a_thread(move |status| first.received(status), move || then.is_stuck());
        signals
    }

    /// The user's wish to end, for who works on the command's behalf.
    pub(super) fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    /// A command, up to its end or the first signal.
    ///
    /// # Errors
    ///
    /// Its own; [`SessionsError::Interrupted`].
    pub(super) async fn obeyed<T>(
        &self,
        command: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let over = async {
            self.cancel.cancelled().await;
            while self.cancel.has_own_end() && self.cancel.elapsed() < OWN_END {
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            biased;
            result = command => result,
            () = over => Err(SessionsError::Interrupted.into()),
        }
    }

    /// The exit status of a command that ended with `failure`: that of the signal, if
    /// one ended it.
    pub(super) fn status(&self, failure: &Failure, status: ExitStatus) -> ExitStatus {
        match self.first.get() {
            Some(signal) if failure.0.kind() == ErrorKind::Cancelled => *signal,
            _ => status,
        }
    }

    /// The first signal.
    fn received(&self, status: ExitStatus) {
        let _ = self.first.set(status);
        self.cancel.cancel();
    }

    /// Whether the command had all the time that it may have.
    fn is_stuck(&self) -> bool {
        let own_end = if self.cancel.has_own_end() { OWN_END } else { Duration::ZERO };
        self.cancel.elapsed() > own_end + STUCK
    }
}

#[cfg(test)]
mod tests;
