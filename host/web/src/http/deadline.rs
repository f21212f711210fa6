//! When an exchange must be over.

use std::time::Duration;

use tokio::time::Instant;

use super::error::HttpError;

/// The end of one exchange, with its redirects, retries and body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    limit: Duration,
}

impl Deadline {
    pub(super) fn after(limit: Duration) -> Self {
        Self { at: Instant::now() + limit, limit }
    }

    /// Does `work` until then.
    ///
    /// # Errors
    ///
    /// `Timeout` about `url` when it is not done by then.
    pub(super) async fn bound<T>(
        self,
        url: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, HttpError> {
        let seconds = self.limit.as_secs();
        let late = |_| HttpError::Timeout { url: url.to_owned(), seconds };
        tokio::time::timeout_at(self.at, work).await.map_err(late)
    }
}
