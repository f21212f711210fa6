//! An answer, read piece by piece.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use tokio::sync::{Mutex, OwnedSemaphorePermit};

use super::deadline::Deadline;
use super::error::HttpError;
use super::exchange::failure;
use super::limits;

/// An answer of an origin.
pub struct Response {
    status: u16,
    headers: HeaderMap,
    body: Mutex<Body>,
}

struct Body {
    inner: reqwest::Response,
    /// What came and was not taken yet.
    left: Bytes,
    received: u64,
    url: Arc<str>,
    deadline: Deadline,
    /// One of the answers that may be open at once.
    _open: OwnedSemaphorePermit,
}

impl Response {
    pub(super) fn new(
        inner: reqwest::Response,
        headers: HeaderMap,
        url: Arc<str>,
        deadline: Deadline,
        open: OwnedSemaphorePermit,
    ) -> Result<Self, HttpError> {
        // A body that says it is too large is not begun.
        if inner.content_length().is_some_and(|length| length > limits::RESPONSE_BYTES) {
            return Err(HttpError::ResponseTooLarge { url: url.to_string() });
        }
        let status = inner.status().as_u16();
        let body = Body { inner, left: Bytes::new(), received: 0, url, deadline, _open: open };
        Ok(Self { status, headers, body: Mutex::new(body) })
    }

    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The first header of this name, when it is text and no credential.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }

    /// The next bytes, at most `limit` of them and at most 64 KiB; none at the
    /// end.
    ///
    /// # Errors
    ///
    /// When the answer breaks off, takes too long or is too large.
    pub async fn read(&self, limit: usize) -> Result<Option<Bytes>, HttpError> {
        let mut body = self.body.lock().await;
        let limit = limit.clamp(1, limits::READ_BYTES);
        while body.left.is_empty() {
            match body.next().await? {
                Some(bytes) => body.left = bytes,
                None => return Ok(None),
            }
        }
        let take = limit.min(body.left.len());
        Ok(Some(body.left.split_to(take)))
    }
}

impl Body {
    async fn next(&mut self) -> Result<Option<Bytes>, HttpError> {
        let chunk = self.deadline.bound(&self.url, self.inner.chunk()).await?;
        let chunk = chunk.map_err(|error| failure(&self.url, &error, true))?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.received = self.received.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.received > limits::RESPONSE_BYTES {
            return Err(HttpError::ResponseTooLarge { url: self.url.to_string() });
        }
        Ok(chunk)
    }
}
