//! An answer to a request of ours, read within bounds: so many bytes, and no longer
//! pause than so many seconds. An error names both.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use url::Url;

use super::error::HttpError;
use super::failure::{Stage, failure};
use super::limits::{self, Bounds};

/// What a server answered.
pub struct BoundedResponse {
    inner: reqwest::Response,
    url: Url,
    silence: Duration,
}

impl BoundedResponse {
    pub(super) fn new(inner: reqwest::Response, url: Url, silence: Duration) -> Self {
        Self { inner, url, silence }
    }

    /// The status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// The first header of this name, when it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.inner.headers().get(name)?.to_str().ok()
    }

    /// Every header of this name that is text.
    pub fn headers<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.inner.headers().get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// The media type of the body, without parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> String {
        let kind = self.header("content-type").unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Where it came from, after redirects.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A document, at most `limit` bytes. It is there within a minute, or not at all.
    ///
    /// # Errors
    ///
    /// `TooMuch`, `Silent`, or when the connection breaks off.
    pub async fn document(self, limit: u64) -> Result<Vec<u8>, HttpError> {
        let end = Instant::now() + limits::WHOLE;
        self.read(limit, Some(end), true).await
    }

    /// What fits into `limit` bytes of a page that only explains something.
    ///
    /// # Errors
    ///
    /// As [`Self::document`], but never `TooMuch`.
    pub async fn beginning(self, limit: u64) -> Result<Vec<u8>, HttpError> {
        let end = Instant::now() + limits::WHOLE;
        self.read(limit, Some(end), false).await
    }

    /// A file, at most `limit` bytes. It may take its time, as long as more comes.
    ///
    /// # Errors
    ///
    /// As [`Self::document`].
    pub async fn file(self, limit: u64) -> Result<Vec<u8>, HttpError> {
        self.read(limit, None, true).await
    }

    /// The next piece of a file that is too large for memory; none at its end. Who asks
    /// bounds it, by `limit` bytes for all of it.
    ///
    /// # Errors
    ///
    /// `Silent`, or when the connection breaks off.
    pub async fn piece(&mut self, limit: u64) -> Result<Option<Bytes>, HttpError> {
        let place = self.url.origin().ascii_serialization();
        let bounds = Bounds { bytes: limit, silence: self.silence };
        match tokio::time::timeout(self.silence, self.inner.chunk()).await {
            Err(_) => Err(HttpError::Silent { url: place, bounds }),
            Ok(part) => part.map_err(|error| failure(&place, &error, Stage::Answering)),
        }
    }

    async fn read(
        mut self,
        limit: u64,
        end: Option<Instant>,
        whole: bool,
    ) -> Result<Vec<u8>, HttpError> {
        let place = || self.url.origin().ascii_serialization();
        let bounds = Bounds { bytes: limit, silence: self.silence };
        let too_much = || HttpError::TooMuch { url: place(), bounds };
        let announced = self.inner.content_length().unwrap_or(0);
        // What says that it is too large is not begun.
        if announced > limit && whole {
            return Err(too_much());
        }
        let room = usize::try_from(announced.min(limit)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(room);
        loop {
            let now = Instant::now() + self.silence;
            let until = end.map_or(now, |end| end.min(now));
            let part = tokio::time::timeout_at(until, self.inner.chunk()).await;
            let part = part.map_err(|_| HttpError::Silent { url: place(), bounds })?;
            let part = part.map_err(|error| failure(&place(), &error, Stage::Answering))?;
            let Some(part) = part else { return Ok(bytes) };
            let left = limit.saturating_sub(bytes.len() as u64);
            match part.get(..usize::try_from(left).unwrap_or(usize::MAX)) {
                // More than there is room for.
                Some(fitting) if fitting.len() < part.len() => {
                    if whole {
                        return Err(too_much());
                    }
                    bytes.extend_from_slice(fitting);
                    return Ok(bytes);
                }
                _ => bytes.extend_from_slice(&part),
            }
        }
    }
}
