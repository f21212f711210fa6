//! An answer, read piece by piece.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use tokio::sync::{Mutex, OwnedSemaphorePermit};

use super::deadline::Deadline;
use super::error::HttpError;
use super::failure::{Stage, failure};
use super::kept::KeptResponse;
use super::limits;

/// An answer of an origin.
pub struct Response {
    status: u16,
    headers: HeaderMap,
    /// Bytes of a body that was there from the beginning.
    kept: usize,
    body: Mutex<Body>,
}

struct Body {
    /// None for what was kept: all of it is in `left`.
    inner: Option<reqwest::Response>,
    /// What came and was not taken yet.
    left: Bytes,
    received: u64,
    /// Bytes that it may have.
    most: u64,
    url: Arc<str>,
    deadline: Deadline,
    /// One of the answers that may be open at once.
    _open: Option<OwnedSemaphorePermit>,
}

impl Response {
    pub(super) fn new(
        inner: reqwest::Response,
        headers: HeaderMap,
        url: Arc<str>,
        deadline: Deadline,
        open: OwnedSemaphorePermit,
        most: u64,
    ) -> Result<Self, HttpError> {
        // A body that says it is too large is not begun.
        if inner.content_length().is_some_and(|length| length > most) {
            return Err(HttpError::ResponseTooLarge { url: url.to_string(), most });
        }
        let status = inner.status().as_u16();
        let (inner, left, open) = (Some(inner), Bytes::new(), Some(open));
        let body = Body { inner, left, received: 0, most, url, deadline, _open: open };
        Ok(Self { status, headers, kept: 0, body: Mutex::new(body) })
    }

    /// One that was kept.
    pub(super) fn kept(answer: KeptResponse, url: Arc<str>) -> Self {
        let (headers, kept) = (answer.headers(), answer.body.len());
        let (left, deadline) = (answer.body.into(), Deadline::after(limits::WHOLE));
        let most = limits::RESPONSE_BYTES;
        let body = Body { inner: None, left, received: 0, most, url, deadline, _open: None };
        Self { status: 200, headers, kept, body: Mutex::new(body) }
    }

    /// All of the body, which can be read again; none when it is larger than
    /// `limit`.
    pub(super) async fn whole(&mut self, limit: usize) -> Result<Option<Bytes>, HttpError> {
        let body = self.body.get_mut();
        let mut read = BytesMut::from(&*body.left);
        let mut ended = false;
        while read.len() <= limit && !ended {
            match body.next().await? {
                Some(bytes) => read.extend_from_slice(&bytes),
                None => ended = true,
            }
        }
        body.left = read.freeze();
        Ok(ended.then(|| body.left.clone()))
    }

    /// What the provider may see of its headers.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Bytes that it takes without being read. What is still to come is bounded by
    /// the number of answers that may be open at once.
    #[must_use]
    pub fn held(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.as_str().len() + value.len()).sum();
        headers + self.kept
    }

    /// All of the body of an answer to us; none when it is larger than `limit`.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub async fn document(&self, limit: usize) -> Result<Option<Vec<u8>>, HttpError> {
        let mut bytes = Vec::new();
        while let Some(more) = self.read(limits::READ_BYTES).await? {
            if bytes.len() + more.len() > limit {
                return Ok(None);
            }
            bytes.extend_from_slice(&more);
        }
        Ok(Some(bytes))
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
        let Some(inner) = &mut self.inner else { return Ok(None) };
        let chunk = self.deadline.bound(&self.url, inner.chunk()).await?;
        let chunk = chunk.map_err(|error| failure(&self.url, &error, Stage::Answering))?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        self.received = self.received.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.received > self.most {
            let url = self.url.to_string();
            return Err(HttpError::ResponseTooLarge { url, most: self.most });
        }
        Ok(chunk)
    }
}
