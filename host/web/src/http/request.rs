//! A request as a provider builds it up. What it must not say is remembered and
//! told when it is sent.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use serde_json::Value;
use url::Url;

use super::error::HttpError;
use super::{headers, limits, path};
use crate::domain::changes::{Change, MASK};

/// The methods of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    /// PATCH (RFC 5789).
    Patch,
    Delete,
}

impl Method {
    /// Whether doing it twice is doing it once (RFC 9110 §9.2.2).
    pub(super) fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Put | Self::Delete)
    }

    /// Whether it only reads (RFC 9110 §9.2.1).
    pub(super) fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }

    pub(super) fn as_reqwest(self) -> reqwest::Method {
        match self {
            Self::Get => reqwest::Method::GET,
            Self::Head => reqwest::Method::HEAD,
            Self::Post => reqwest::Method::POST,
            Self::Put => reqwest::Method::PUT,
            Self::Patch => reqwest::Method::PATCH,
            Self::Delete => reqwest::Method::DELETE,
        }
    }
}

/// What a provider asks an origin for.
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<(String, Vec<u8>)>,
    /// Bytes that the body of the answer may have.
    at_most: u64,
    /// Bytes of query and headers so far; beyond the bounds nothing is kept.
    kept: usize,
    refused: Option<HttpError>,
}

/// A request that was checked.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Vec<u8>>,
    /// Bytes that the body of the answer may have.
    pub(super) at_most: u64,
}

impl Checked {
    /// The request as it is shown; `credentials` are the headers that the host
    /// would add.
    pub(super) fn into_change(self, credentials: Vec<HeaderName>) -> Change {
        let own = self.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let added = credentials.into_iter().map(|name| (name.to_string(), MASK.to_owned()));
        Change::Request {
            method: self.method.as_reqwest().to_string(),
            url: self.url.to_string(),
            headers: own.chain(added).collect(),
            body: self.body.as_deref().map(shown),
        }
    }
}

/// JSON as it is, any other text as text, else how much it is.
fn shown(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| match std::str::from_utf8(body) {
        Ok(text) => text.into(),
        Err(_) => format!("{} bytes", body.len()).into(),
    })
}

impl Request {
    /// A request for a path, which is checked when it is sent.
    #[must_use]
    pub fn new(method: Method, path: String) -> Self {
        let refused =
            (path.len() > limits::URL_BYTES).then_some(HttpError::UrlTooLong { bytes: path.len() });
        let path = if refused.is_some() { String::new() } else { path };
        let (query, headers, at_most) = (Vec::new(), Vec::new(), limits::RESPONSE_BYTES);
        Self { method, path, query, headers, body: None, at_most, kept: 0, refused }
    }

    /// Appends a query parameter, not encoded yet.
    pub fn query(&mut self, name: String, value: String) {
        self.kept += name.len() + value.len();
        if self.kept > limits::URL_BYTES + limits::HEADER_BYTES {
            self.refused = Some(HttpError::UrlTooLong { bytes: self.kept });
            return;
        }
        self.query.push((name, value));
    }

    /// Sets a header; the last one of a name counts.
    pub fn header(&mut self, name: String, value: String) {
        self.kept += name.len() + value.len();
        if self.headers.len() >= limits::HEADERS
            || self.kept > limits::URL_BYTES + limits::HEADER_BYTES
        {
            self.refused = Some(HttpError::TooManyHeaders);
            return;
        }
        self.headers.push((name, value));
    }

    /// Sets the body.
    pub fn body(&mut self, content_type: String, bytes: Vec<u8>) {
        if bytes.len() > limits::REQUEST_BYTES {
            self.refused = Some(HttpError::RequestTooLarge { bytes: bytes.len() });
            return;
        }
        self.body = Some((content_type, bytes));
    }

    /// How many bytes the body of the answer may have.
    pub fn at_most(&mut self, bytes: u64) {
        self.at_most = bytes.min(limits::MOST_RESPONSE_BYTES);
    }

    /// Everything a provider may not say is found here, before a client exists.
    pub(super) fn check(
        &self,
        base: &Url,
        credential: Option<&HeaderName>,
        passing: &[HeaderName],
    ) -> Result<Checked, HttpError> {
        if let Some(refused) = &self.refused {
            return Err(refused.clone());
        }
        if let Some((name, _)) = self.query.iter().find(|(name, _)| headers::names_the_method(name))
        {
            return Err(HttpError::Parameter { name: name.clone() });
        }
        let url = path::join(base, &self.path, &self.query)?;
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let (name, value) = headers::allowed(name, value, credential, passing)?;
            map.insert(name, value);
        }
        if let Some((content_type, _)) = &self.body {
            let refuse = |reason| HttpError::Header { name: "content-type".into(), reason };
            map.insert(CONTENT_TYPE, headers::value(content_type).map_err(refuse)?);
        }
        let body = self.body.as_ref().map(|(_, bytes)| bytes.clone());
        Ok(Checked { method: self.method, url, headers: map, body, at_most: self.at_most })
    }
}
