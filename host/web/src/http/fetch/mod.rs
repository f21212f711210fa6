//! Asks servers that no origin names: registries, where they lead to, and downloads.
//!
//! The addresses are the user's or a registry's, so the policies are those of
//! origins: checked addresses, no way from an encrypted place to one that is not,
//! this computer only when the user named it. What differs is that a redirect may
//! lead to another host. The credential stays behind then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RANGE,
};
use reqwest::{Client, Method};
use url::Url;

use super::bounded_response::BoundedResponse;
use super::certificates::Certificates;
use super::client;
use super::dials::Dials;
use super::error::HttpError;
use super::failure::{Stage, failure};
use super::origin::{OriginUrl, OriginUrlError};
use super::redirect;
use super::{headers, limits, retry};
use crate::domain::Secret;

/// A request of ours.
#[derive(Clone)]
pub struct Fetch {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Fetch {
    fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: None }
    }

    /// Asks for what is there.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Asks whether it is there.
    #[must_use]
    pub fn head(url: Url) -> Self {
        Self::new(Method::HEAD, url)
    }

    /// Asks for something to be done.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Puts something there.
    #[must_use]
    pub fn put(url: Url) -> Self {
        Self::new(Method::PUT, url)
    }

    /// With the media types that are understood.
    #[must_use]
    pub fn accepting(mut self, kinds: &[&'static str]) -> Self {
        let kinds = kinds.iter().map(|kind| (ACCEPT, HeaderValue::from_static(kind)));
        self.headers.extend(kinds);
        self
    }

    /// With what lets us in, such as `Bearer …`. No redirect takes it to another host.
    ///
    /// # Errors
    ///
    /// When no header may hold it.
    pub fn authorized(mut self, credential: &Secret) -> Result<Self, HttpError> {
        // It says nothing about the secret, not even where it is wrong.
        let refuse = |reason| HttpError::Header { name: AUTHORIZATION.to_string(), reason };
        let mut value = headers::value(credential.expose()).map_err(refuse)?;
        value.set_sensitive(true);
        self.headers.insert(AUTHORIZATION, value);
        Ok(self)
    }

    /// Only what comes after so many bytes. Not every server knows that: the status says it.
    #[must_use]
    pub fn after(mut self, bytes: u64) -> Self {
        if let Ok(range) = HeaderValue::from_str(&format!("bytes={bytes}-")) {
            self.headers.insert(RANGE, range);
        }
        self
    }

    /// With a body of this type.
    #[must_use]
    pub fn body(mut self, kind: &'static str, bytes: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = Some(bytes.into());
        self
    }

    /// Where it goes.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

/// Sends requests to any server that the policies allow. A client is built for each
/// host, when it is asked first.
pub struct Fetcher {
    clients: Mutex<HashMap<String, Client>>,
    /// Whether this computer may be asked, and without encryption.
    loopback: bool,
    /// For one host: certificates that its user has for it.
    certificates: Option<(url::Origin, Certificates)>,
    silence: Duration,
    dials: Dials,
}

impl Fetcher {
    /// `loopback`: the user named this computer. `silence` is how long a server may say
    /// nothing.
    #[must_use]
    pub fn new(loopback: bool, silence: Duration) -> Self {
        let (clients, dials) = (Mutex::default(), Dials::default());
        Self { clients, loopback, certificates: None, silence, dials }
    }

    /// With what its user has for the server of `url`.
    #[must_use]
    pub fn trusting(self, url: &Url, certificates: Option<Certificates>) -> Self {
        let certificates = certificates.map(|certificates| (url.origin(), certificates));
        Self { certificates, ..self }
    }

    /// Sends a request, and follows redirects of what only reads. That is sent again,
    /// too, where the server says so.
    ///
    /// # Errors
    ///
    /// What the policies refuse, then what the network does. An answer of any status is
    /// no error.
    pub async fn send(&self, request: &Fetch) -> Result<BoundedResponse, HttpError> {
        let mut request = request.clone();
        let first = request.url.origin();
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        let (mut hops, mut attempt) = (0, 1);
        loop {
            let answer = self.once(&request).await?;
            let moved = matches!(answer.status().as_u16(), 301..=303 | 307 | 308);
            let location = answer.headers().get(LOCATION).filter(|_| moved && reads);
            if let Some(location) = location {
                if hops == limits::REDIRECTS {
                    return Err(HttpError::TooManyRedirects { url: place(&request.url) });
                }
                hops += 1;
                request.url = self.next(&request.url, location)?;
                if request.url.origin() != first {
                    request.headers.remove(AUTHORIZATION);
                }
                continue;
            }
            let kind = if reads { super::Method::Get } else { super::Method::Post };
            let Some(wait) = retry::wait(kind, answer.status(), answer.headers(), attempt) else {
                return Ok(BoundedResponse::new(answer, request.url, self.silence));
            };
            tracing::info!("`{}` is busy; retrying in {wait:?}", place(&request.url));
            drop(answer);
            attempt += 1;
            tokio::time::sleep(wait).await;
        }
    }

    /// Where a redirect leads, when it may.
    fn next(&self, from: &Url, location: &HeaderValue) -> Result<Url, HttpError> {
        let refuse = |to: &str| HttpError::Redirect { from: place(from), to: to.to_owned() };
        let location = location.to_str().map_err(|_| refuse("?"))?;
        let to = from.join(location).map_err(|_| refuse(location))?;
        let shown = redirect::shown(&to);
        let downgrade = from.scheme() == "https" && to.scheme() != "https";
        match self.origin(&to) {
            _ if downgrade => Err(refuse(&shown)),
            Err(error @ HttpError::Forbidden { .. }) => Err(error),
            Err(_) => Err(refuse(&shown)),
            Ok(_) => Ok(to),
        }
    }

    /// The server of a URL, when it may be asked at all.
    ///
    /// # Errors
    ///
    /// `Forbidden`.
    pub fn origin(&self, url: &Url) -> Result<OriginUrl, HttpError> {
        let forbidden = |reason: String| HttpError::Forbidden { reason };
        if !matches!(url.scheme(), "http" | "https") {
            let text = redirect::shown(url);
            return Err(forbidden(OriginUrlError::NotAUrl { text }.to_string()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(forbidden(OriginUrlError::Credentials.to_string()));
        }
        let origin = OriginUrl::parse(&place(url)).map_err(|error| forbidden(error.to_string()))?;
        if origin.is_loopback() && !self.loopback {
            let host = origin.host();
            return Err(forbidden(format!(
                "no connection is made to `{host}`: it is this computer, which you did not name"
            )));
        }
        origin.for_secrets().map_err(|error| forbidden(error.to_string()))
    }

    fn client(&self, url: &Url) -> Result<Client, HttpError> {
        let origin = self.origin(url)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(origin.as_str()) {
            return Ok(client.clone());
        }
        let extra = self.certificates.as_ref().filter(|(own, _)| *own == url.origin());
        let extra = extra.map(|(_, certificates)| certificates);
        let client = client::build(&origin, &self.dials, limits::CONNECT, extra)?;
        clients.insert(origin.as_str().to_owned(), client.clone());
        Ok(client)
    }

    async fn once(&self, request: &Fetch) -> Result<reqwest::Response, HttpError> {
        let place = place(&request.url);
        tracing::debug!("{} {place}{}", request.method, request.url.path());
        let client = self.client(&request.url)?;
        let mut builder = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone());
        let mut patience = self.silence;
        if let Some(body) = &request.body {
            let seconds = body.len() / limits::SLOWEST_UPLOAD;
            patience += Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX));
            builder = builder.body(body.clone());
        }
        let asking = Stage::Asking { connect: limits::CONNECT };
        let answer = tokio::time::timeout(patience, builder.send()).await;
        let late = |_| HttpError::Timeout { url: place.clone(), seconds: patience.as_secs() };
        let answer = answer.map_err(late)?.map_err(|error| failure(&place, &error, asking))?;
        tracing::debug!("`{place}` answers {}", answer.status().as_u16());
        Ok(answer)
    }
}

/// A server, for messages: no path, no query.
fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests;
