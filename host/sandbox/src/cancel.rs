//! Cancellation: cooperative first, then a trap.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::limits::CANCEL_GRACE;

/// One command's wish to end. Clones are the same wish.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    token: CancellationToken,
    since: Arc<OnceLock<Instant>>,
    own_ends: Arc<AtomicUsize>,
}

/// As long as this lives, the command ends by itself after it was asked to.
#[derive(Debug)]
pub struct OwnEnd(Arc<AtomicUsize>);

impl Drop for OwnEnd {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Cancel {
    /// Asks everything that belongs to the command to end.
    pub fn cancel(&self) {
        self.since.get_or_init(Instant::now);
        self.token.cancel();
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Completes when somebody asks.
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }

    /// How long ago somebody asked; nothing when nobody did.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.since.get().map(Instant::elapsed).unwrap_or_default()
    }

    /// From now on, as long as the answer lives, the command is not dropped wherever it
    /// waits when it is asked to end: it has something to undo or to finish, or this is
    /// how one leaves it.
    #[must_use]
    pub fn own_end(&self) -> OwnEnd {
        self.own_ends.fetch_add(1, Ordering::Relaxed);
        OwnEnd(Arc::clone(&self.own_ends))
    }

    /// Whether the command ends by itself.
    #[must_use]
    pub fn has_own_end(&self) -> bool {
        self.own_ends.load(Ordering::Relaxed) > 0
    }

    /// Whether a guest that goes on computing has had its time to end itself.
    #[must_use]
    pub fn grace_is_over(&self) -> bool {
        self.since.get().is_some_and(|since| since.elapsed() > CANCEL_GRACE)
    }
}
