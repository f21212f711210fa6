//! What a session printed.

use std::sync::{Mutex, PoisonError};

use crate::domain::{ProviderError, text};
use crate::driver::{ContainerRef, Driver};
use crate::{Containers, ContainersError, LogSink, Probe};

/// How many lines an error shows.
const ERROR_LINES: u32 = 20;
/// How many are looked at for what the program says of itself.
const RECENT_LINES: u32 = 200;

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
    shown(lines(driver, container, ERROR_LINES).await)
}

/// More of them, without those about questions of ours.
pub(crate) async fn recent_lines(
    driver: &dyn Driver,
    container: &ContainerRef,
    probes: &[Probe],
) -> Vec<String> {
    let mut lines = lines(driver, container, RECENT_LINES).await;
    lines.retain(|line| !probes.iter().any(|probe| is_about(line, &probe.path)));
    lines
}

/// As many as an error shows.
pub(crate) fn shown(mut lines: Vec<String>) -> Vec<String> {
    lines.drain(..lines.len().saturating_sub(ERROR_LINES as usize));
    lines
}

async fn lines(driver: &dyn Driver, container: &ContainerRef, most: u32) -> Vec<String> {
    let kept = Kept::default();
    let _ = driver.logs(container, Some(most), false, &kept).await;
    let bytes = kept.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    text::last_lines(&bytes, most as usize)
}

/// Whether a line of a server is about a request for `path`: `"GET /api HTTP/1.1" 404`.
fn is_about(line: &str, path: &str) -> bool {
    line.split_once(&format!("GET {path}"))
        .is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with([' ', '"', '?']))
}

#[derive(Default)]
struct Kept(Mutex<Vec<u8>>);

impl LogSink for Kept {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_ours_are_known_in_a_log() {
        for line in [
            "[W 2026 ServerApp] 404 GET /api (@172.17.0.1) 1.2ms referer=None",
            "172.17.0.1 - - [..] \"GET /api HTTP/1.1\" 404 -",
        ] {
            assert!(is_about(line, "/api"), "{line}");
        }
        assert!(!is_about("404 GET /api/kernels", "/api"));
        assert!(!is_about("GET /", "/api"));
    }
}
