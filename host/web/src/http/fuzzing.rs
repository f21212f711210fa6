//! Doors for `tests/fuzz`: the policies about what a provider names and a server answers.

use reqwest::StatusCode;
use reqwest::header::HeaderName;
use url::Url;

use super::redirect::{self, Hop};
use super::request::Method;
use super::{headers, path, retry};

/// The URL of a request, when the provider may ask for it.
#[must_use]
pub fn joined(base: &Url, path: &str, query: &[(String, String)]) -> Option<Url> {
    path::join(base, path, query).ok()
}

/// A header as it is sent, when the provider may send it beside a credential.
#[must_use]
pub fn sent_header(name: &str, value: &str, credential: &HeaderName) -> Option<(String, Vec<u8>)> {
    let (name, value) = headers::allowed(name, value, Some(credential), &[]).ok()?;
    Some((name.as_str().to_owned(), value.as_bytes().to_owned()))
}

/// Where a redirect leads, when it is followed.
#[must_use]
pub fn redirected(from: &Url, location: &str, base: &Url) -> Option<Url> {
    match redirect::hop(Method::Get, StatusCode::FOUND, from, Some(location), base) {
        Ok(Hop::Follow(url)) => Some(url),
        Ok(Hop::Answer) | Err(_) => None,
    }
}

/// How many seconds a header `Retry-After` asks for.
#[must_use]
pub fn retry_after(header: &str) -> Option<u64> {
    retry::retry_after(header).map(|wait| wait.as_secs())
}
