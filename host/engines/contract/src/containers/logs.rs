//! What a session printed.

use std::sync::{Mutex, PoisonError};

use crate::domain::{ProviderError, text};
use crate::driver::{ContainerRef, Driver};
use crate::{Containers, ContainersError, LogSink};

/// How many lines an error shows.
const ERROR_LINES: u32 = 20;

impl Containers {
    /// Sends a container's output to `sink`: the last `tail` lines (none: all),
    /// then, with `follow`, whatever comes until the container ends.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`]; [`ContainersError::Sink`] as soon as the
    /// sink refuses.
    pub async fn logs(
        &self,
        name: &str,
        tail: Option<u32>,
        follow: bool,
        sink: &dyn LogSink,
    ) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        self.0.driver.logs(&seen.container, tail, follow, sink).await
    }
}

/// The last lines of output, for an error; empty when they cannot be had.
pub(crate) async fn last_lines(driver: &dyn Driver, container: &ContainerRef) -> Vec<String> {
    let kept = Kept::default();
    let _ = driver.logs(container, Some(ERROR_LINES), false, &kept).await;
    let bytes = kept.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    text::last_lines(&bytes, ERROR_LINES as usize)
}

#[derive(Default)]
struct Kept(Mutex<Vec<u8>>);

impl LogSink for Kept {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(())
    }
}
