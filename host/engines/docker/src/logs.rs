//! What a session printed.
//!
//! API: `GET /containers/{id}/logs`.

use bollard::Docker;
use bollard::query_parameters::LogsOptions;
use futures_util::StreamExt;

use super::{Containers, ContainersError, LogSink, engine_errors};
use crate::domain::text;

/// How many lines an error shows.
const ERROR_LINES: usize = 20;

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
        let mut output = self.engine().await?.logs(&seen.id, Some(options(tail, follow)));
        while let Some(piece) = output.next().await {
            let piece = piece.map_err(engine_errors::other("read the logs"))?;
            sink.write(&piece.into_bytes())?;
        }
        Ok(())
    }
}

/// The last lines of output, for an error; empty when they cannot be had.
pub(super) async fn last_lines(docker: &Docker, id: &str) -> Vec<String> {
    let tail = u32::try_from(ERROR_LINES).ok();
    let mut output = docker.logs(id, Some(options(tail, false)));
    let mut bytes = Vec::new();
    while let Some(Ok(piece)) = output.next().await {
        bytes.extend_from_slice(&piece.into_bytes());
    }
    text::last_lines(&bytes, ERROR_LINES)
}

fn options(tail: Option<u32>, follow: bool) -> LogsOptions {
    LogsOptions {
        follow,
        stdout: true,
        stderr: true,
        tail: tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string()),
        ..LogsOptions::default()
    }
}
