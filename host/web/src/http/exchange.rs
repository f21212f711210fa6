//! One origin in use: sends what the policies let pass.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, LOCATION};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::client;
use super::deadline::Deadline;
use super::dials::Dials;
use super::error::HttpError;
use super::failure::{Stage, failure};
use super::headers;
use super::kept::Kept;
use super::limits;
use super::origin::{Credential, Origin, REFRESH};
use super::redirect::{self, Hop};
use super::request::{Checked, Method, Request};
use super::response::Response;
use super::retry;
use crate::domain::changes::Withhold;
use crate::domain::{ErrorKind, ProviderError, Secret};

/// What is shown to an origin so that it lets us in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Usual,
    /// Its credential, and the refresh token of its login.
    WithRefreshToken,
    /// Nothing. An answer may be given that is not older than this.
    Anonymous {
        max_age: Duration,
    },
}

/// An origin in use by one provider. Its client is built by the first request.
pub struct Connection {
    origin: Origin,
    shown: Arc<str>,
    client: OnceCell<reqwest::Client>,
    dials: Dials,
    open: Arc<Semaphore>,
    kept: Option<Kept>,
    /// Until a connection stands.
    pub(super) connect: Duration,
    changes: Option<Arc<dyn Withhold>>,
    /// From the first byte of a request to the last one of its answer.
    pub(super) whole: Duration,
    /// When whoever asks gives up.
    end: Option<Instant>,
}

impl Connection {
    /// Nothing is built or opened yet.
    #[must_use]
    pub fn new(origin: Origin, dials: Dials) -> Self {
        let shown = origin.url.as_str().into();
        let open = Arc::new(Semaphore::new(limits::OPEN_RESPONSES));
        let client = OnceCell::new();
        let (connect, whole) = (limits::CONNECT, limits::WHOLE);
        let (kept, changes, end) = (None, None, None);
        Self { origin, shown, client, dials, open, kept, changes, connect, whole, end }
    }

    /// Caches public answers there.
    #[must_use]
    pub fn keeping(self, kept: Option<Kept>) -> Self {
        Self { kept, ..self }
    }

    /// With an answer to requests that may change something; none: they are sent.
    #[must_use]
    pub(super) fn withholding(self, changes: Option<Arc<dyn Withhold>>) -> Self {
        Self { changes, ..self }
    }

    /// See [`super::Http::until`].
    #[must_use]
    pub(super) fn until(self, end: Option<Instant>) -> Self {
        Self { end, ..self }
    }

    /// The base URL, for messages.
    #[must_use]
    pub fn display_url(&self) -> &str {
        &self.shown
    }

    /// Sends a request. Redirects inside the origin are followed; idempotent
    /// requests are tried again where the server says so. Dropping the future ends
    /// it.
    ///
    /// # Errors
    ///
    /// What the policies refuse, before anything is opened; then what the network
    /// does. An answer of any status is no error.
    pub async fn send(&self, request: &Request, access: Access) -> Result<Response, HttpError> {
        let base = self.origin.url.url();
        let url = || self.shown.to_string();
        let Origin { credential, headers, .. } = &self.origin;
        let checked = request.check(base, credential.header(), headers).map_err(|error| {
            let origin = self.origin.name.clone().map(|name| (name, url()));
            match error {
                HttpError::UnlistedHeader { name, .. } => {
                    HttpError::UnlistedHeader { name, origin }
                }
                error => error,
            }
        })?;
        let is_login = matches!(self.origin.credential, Credential::Login(_));
        match access {
            Access::WithRefreshToken if !is_login => {
                return Err(HttpError::NoLogin { url: url() });
            }
            Access::Anonymous { .. } if checked.method != Method::Get => {
                return Err(HttpError::OnlyGet { url: url() });
            }
            Access::Anonymous { max_age } => return self.public(checked, max_age).await,
            Access::Usual | Access::WithRefreshToken => {}
        }
        self.ask(checked, access).await
    }

    /// A public answer, from the cache if that one is young enough.
    async fn public(&self, checked: Checked, max_age: Duration) -> Result<Response, HttpError> {
        let Some(kept) = &self.kept else {
            return self.ask(checked, Access::Anonymous { max_age }).await;
        };
        if let Some(answer) = kept.find(&checked, max_age) {
            tracing::debug!("using an earlier answer of `{}`", self.shown);
            return Ok(Response::kept(answer, Arc::clone(&self.shown)));
        }
        let asked = checked.clone();
        let mut response = self.ask(checked, Access::Anonymous { max_age }).await?;
        if response.status() == 200
            && let Some(body) = response.whole(limits::KEPT_BYTES).await?
        {
            kept.keep(&asked, response.headers(), &body);
        }
        Ok(response)
    }

    async fn ask(&self, checked: Checked, access: Access) -> Result<Response, HttpError> {
        // Answered before there is a client: what only reads goes on.
        if let Some(changes) = self.changes.as_ref().filter(|_| !checked.method.is_safe()) {
            let credentials = self.origin.credential.headers(access == Access::WithRefreshToken);
            return Err(HttpError::Withheld(changes.withhold(checked.into_change(credentials))));
        }
        let open =
            Arc::clone(&self.open).try_acquire_owned().map_err(|_| HttpError::TooManyResponses)?;
        let deadline = Deadline::after(self.whole);
        let most = checked.at_most;
        let answer =
            deadline.bound(&self.shown, self.exchange(checked, access, deadline)).await??;
        let seen = headers::visible(answer.headers().clone(), self.origin.credential.header());
        Response::new(answer, seen, Arc::clone(&self.shown), deadline, open, most)
    }

    async fn exchange(
        &self,
        mut request: Checked,
        access: Access,
        deadline: Deadline,
    ) -> Result<reqwest::Response, HttpError> {
        if !matches!(access, Access::Anonymous { .. }) {
            self.authorize(&mut request.headers, access == Access::WithRefreshToken).await?;
        }
        let client = self
            .client
            .get_or_try_init(async || {
                client::build(&self.origin.url, &self.dials, self.connect, None)
            })
            .await?;
        let (mut hops, mut attempt) = (0, 1);
        loop {
            let answer = self.once(client, &request).await?;
            let location =
                answer.headers().get(LOCATION).map(|value| value.to_str().unwrap_or("?"));
            let base = self.origin.url.url();
            match redirect::hop(request.method, answer.status(), &request.url, location, base)? {
                Hop::Follow(_) if hops == limits::REDIRECTS => {
                    return Err(HttpError::TooManyRedirects { url: self.shown.to_string() });
                }
                Hop::Follow(url) => {
                    hops += 1;
                    request.url = url;
                    continue;
                }
                Hop::Answer => {}
            }
            let wait = retry::wait(request.method, answer.status(), answer.headers(), attempt);
            match wait.map(|wait| Instant::now() + wait) {
                Some(until) if until < self.end.map_or(deadline.at, |end| end.min(deadline.at)) => {
                    tracing::info!(
                        "`{}` answered {}; retrying in {:?}",
                        self.shown,
                        answer.status().as_u16(),
                        wait.unwrap_or_default()
                    );
                    drop(answer);
                    attempt += 1;
                    tokio::time::sleep_until(until).await;
                }
                _ => return Ok(answer),
            }
        }
    }

    async fn once(
        &self,
        client: &reqwest::Client,
        request: &Checked,
    ) -> Result<reqwest::Response, HttpError> {
        // The path only: a query may hold what is nobody's business.
        tracing::debug!(
            "{} {}{}",
            request.method.as_reqwest(),
            self.shown,
            shown_path(&request.url, self.origin.url.url())
        );
        let mut builder = client
            .request(request.method.as_reqwest(), request.url.clone())
            .headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let asking = Stage::Asking { connect: self.connect };
        let answer = builder.send().await.map_err(|error| failure(&self.shown, &error, asking))?;
        tracing::debug!("`{}` answers {}", self.shown, answer.status().as_u16());
        Ok(answer)
    }

    /// Adds what lets us in.
    async fn authorize(&self, headers: &mut HeaderMap, refresh: bool) -> Result<(), HttpError> {
        match &self.origin.credential {
            Credential::None => {}
            Credential::Bearer(token) => {
                headers.insert(AUTHORIZATION, bearer(token)?);
            }
            Credential::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose());
                let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
                headers.insert(AUTHORIZATION, hidden(&format!("Basic {encoded}"))?);
            }
            Credential::Header { name, value } => {
                headers.insert(name.clone(), hidden(value.expose())?);
            }
            Credential::Login(login) => {
                headers.insert(AUTHORIZATION, bearer(&login.access_token().await?)?);
                if refresh && let Some(token) = login.refresh_token().await? {
                    headers.insert(REFRESH, hidden(token.expose())?);
                }
            }
        }
        Ok(())
    }
}

fn shown_path<'a>(url: &'a Url, base: &Url) -> &'a str {
    url.path().strip_prefix(base.path().trim_end_matches('/')).unwrap_or_default()
}

fn bearer(token: &Secret) -> Result<HeaderValue, HttpError> {
    hidden(&format!("Bearer {}", token.expose()))
}

/// A header value that libraries do not log.
fn hidden(text: &str) -> Result<HeaderValue, HttpError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        // It says nothing about the secret, not even where it is wrong.
        ProviderError::new(
            ErrorKind::InvalidInput,
            "the secret of this origin contains a character that is not allowed in headers",
        )
        .with_help("set it again with `renku session origin add`")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
