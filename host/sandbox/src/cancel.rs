//! Cancellation: cooperative first, then a trap.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::limits::CANCEL_GRACE;

/// One command's wish to end. Clones are the same wish.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    token: CancellationToken,
    since: Arc<OnceLock<Instant>>,
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

    /// Whether a guest that goes on computing has had its time to end itself.
    #[must_use]
    pub fn grace_is_over(&self) -> bool {
        self.since.get().is_some_and(|since| since.elapsed() > CANCEL_GRACE)
    }
}
