//! The protocol of registries (OCI distribution specification 1.1), request by
//! request: where each goes, what lets us in, how much of an answer is read.
//!
//! The types are `oci-client`'s; why the requests are not: `docs/adr/0013-registry-requests.md`.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::challenge::Challenge;
use super::error::{self, RegistryError};
use super::login::{Logins, basic};
use super::purpose::Purpose;
use super::reference::OciReference;
use crate::domain::{EngineCommands, Secret};
use crate::login::Login;
use crate::web::http::{BoundedResponse, Fetch, Fetcher, HttpError};

/// Bytes of a manifest, an index, or a page of tags. A provider's manifest has one
/// KiB; the specification wants registries to take 4 MiB, for images.
pub(super) const DOCUMENT_BYTES: u64 = 1 << 20;
/// Bytes of what explains an error.
const EXPLANATION_BYTES: u64 = 64 << 10;
/// Bytes of an answer with a token.
const TOKEN_BYTES: u64 = 256 << 10;

/// One repository, as requests reach it.
pub(super) struct Wire {
    fetcher: Fetcher,
    /// `https://HOST/v2/`.
    base: Url,
    place: OciReference,
    login: Option<Login>,
    purpose: Purpose,
    /// What let us in last: `Bearer …` or `Basic …`.
    pass: Mutex<Option<Secret>>,
}

impl Wire {
    /// Nothing is sent yet. Without `encrypted` the registry is on this computer.
    ///
    /// # Errors
    ///
    /// When the host is none, or certificates of its user cannot be used.
    pub(super) async fn new(
        place: &OciReference,
        encrypted: bool,
        logins: &dyn Logins,
        purpose: Purpose,
        silence: Duration,
    ) -> Result<Self, RegistryError> {
        let unusable =
            |reason: String| RegistryError::Unavailable { host: place.host.clone(), reason };
        let scheme = if encrypted { "https" } else { "http" };
        let base = format!("{scheme}://{}/v2/", place.api_host());
        let base: Url = base.parse().map_err(|error| unusable(format!("{error}")))?;
        let certificates =
            logins.certificates(&place.host).map_err(|error| unusable(error.to_string()))?;
        let fetcher = Fetcher::new(place.is_loopback(), silence).trusting(&base, certificates);
        let login = logins.login(&place.host, &place.repository).await;
        let (place, pass) = (place.clone(), Mutex::default());
        Ok(Self { fetcher, base, place, login, purpose, pass })
    }

    /// Whether a login is sent.
    pub(super) fn is_logged_in(&self) -> bool {
        self.login.is_some()
    }

    /// An address of the repository: `manifests/1.0.0`.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub(super) fn url(&self, rest: &str) -> Result<Url, RegistryError> {
        self.base.join(&format!("{}/{rest}", self.place.repository)).map_err(|error| {
            RegistryError::Unavailable { host: self.place.host.clone(), reason: error.to_string() }
        })
    }

    /// Whether a URL is of the registry itself.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    /// Greets the registry, which says what it wants to be shown.
    ///
    /// # Errors
    ///
    /// When it cannot be reached, or does not let us in.
    pub(super) async fn greet(&self) -> Result<(), RegistryError> {
        let answer = self.once(Fetch::get(self.base.clone())).await?;
        match Challenge::of(&answer) {
            Some(challenge) if answer.status() == 401 => self.enter(&challenge).await,
            _ => Ok(()),
        }
    }

    /// Sends a request with what lets us in, once more when that had to be renewed. An
    /// answer of any status is no error.
    ///
    /// # Errors
    ///
    /// When the registry cannot be reached, or does not let us in.
    pub(super) async fn send(&self, request: Fetch) -> Result<BoundedResponse, RegistryError> {
        let answer = self.once(request.clone()).await?;
        if answer.status() != 401 || !self.is_own(answer.url()) {
            return Ok(answer);
        }
        let Some(challenge) = Challenge::of(&answer) else { return Ok(answer) };
        drop(answer);
        self.enter(&challenge).await?;
        self.once(request).await
    }

    async fn once(&self, mut request: Fetch) -> Result<BoundedResponse, RegistryError> {
        let pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(pass) = pass.filter(|_| self.is_own(request.url())) {
            request = request.authorized(&pass).map_err(|error| self.failed(error))?;
        }
        self.fetcher.send(&request).await.map_err(|error| self.failed(error))
    }

    /// Gets what a challenge asks for.
    async fn enter(&self, challenge: &Challenge) -> Result<(), RegistryError> {
        let pass = match (challenge, &self.login) {
            (_, Some(Login::Bearer(token))) => bearer(token),
            (Challenge::Basic, Some(Login::Password { user, password })) => basic(user, password),
            (Challenge::Basic, Some(Login::IdentityToken(_))) => {
                return Err(
                    self.denied("it accepts no identity tokens, and the stored login is one")
                );
            }
            (Challenge::Basic, None) => return Err(self.denied("it wants a login")),
            (Challenge::Bearer { realm, service, scope }, login) => {
                let request = self.token_request(realm, service, scope, login.as_ref())?;
                bearer(&Secret::new(self.token(request).await?))
            }
        };
        *self.pass.lock().unwrap_or_else(PoisonError::into_inner) = Some(pass);
        Ok(())
    }

    /// A request for a token: <https://distribution.github.io/distribution/spec/auth/token/>
    /// and, with an identity token, `…/auth/oauth/`.
    fn token_request(
        &self,
        realm: &str,
        service: &str,
        scope: &str,
        login: Option<&Login>,
    ) -> Result<Fetch, RegistryError> {
        let mut url = self.realm(realm)?;
        let own = format!("repository:{}:{}", self.place.repository, self.purpose.actions());
        let scope = if scope.is_empty() { own.as_str() } else { scope };
        let mut pairs = vec![("service", service), ("scope", scope)];
        pairs.retain(|(_, value)| !value.is_empty());
        if let Some(Login::IdentityToken(token)) = login {
            pairs.extend([
                ("grant_type", "refresh_token"),
                ("client_id", "renku-session"),
                ("refresh_token", token.expose()),
            ]);
            let form =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            return Ok(Fetch::post(url).body("application/x-www-form-urlencoded", form));
        }
        let Some(Login::Password { user, password }) = login else {
            url.query_pairs_mut().extend_pairs(pairs);
            return Ok(Fetch::get(url));
        };
        pairs.push(("account", user));
        url.query_pairs_mut().extend_pairs(pairs);
        Fetch::get(url).authorized(&basic(user, password)).map_err(|error| self.failed(error))
    }

    /// Where tokens are issued. The registry names it, and a login goes there: it must
    /// be encrypted, or on this computer when the registry is.
    fn realm(&self, realm: &str) -> Result<Url, RegistryError> {
        let refuse = |realm: String, reason: String| RegistryError::Realm {
            host: self.place.host.clone(),
            realm,
            reason,
        };
        let url: Url = realm.parse().map_err(|_| refuse("?".into(), "this is not a URL".into()))?;
        // Without what may be secret in it.
        let shown = || format!("{}{}", url.origin().ascii_serialization(), url.path());
        self.fetcher.origin(&url).map_err(|error| refuse(shown(), error.to_string()))?;
        if self.login.is_some() && !self.is_own(&url) {
            let realm = url.origin().ascii_serialization();
            tracing::info!("the login for `{}` goes to `{realm}`", self.place.host);
        }
        Ok(url)
    }

    async fn token(&self, request: Fetch) -> Result<String, RegistryError> {
        /// Both names are in use; some issuers send both.
        #[derive(Deserialize)]
        struct Issued {
            #[serde(default)]
            token: Option<String>,
            #[serde(default)]
            access_token: Option<String>,
        }
        let place = self.place.place();
        let answer = self.fetcher.send(&request).await.map_err(|error| self.failed(error))?;
        match answer.status() {
            200 => {}
            // RFC 6749 §5.2 says 400 for a token that is of no use any more.
            400 | 404 | 405 if matches!(self.login, Some(Login::IdentityToken(_))) => {
                return Err(self.denied("the stored identity token has expired or was withdrawn"));
            }
            _ => return Err(self.refused(&place, answer).await),
        }
        let bytes = answer.document(TOKEN_BYTES).await.map_err(|error| self.failed(error))?;
        // Without what the parser says: it may quote a token.
        let issued = serde_json::from_slice::<Issued>(&bytes).ok();
        let token = issued.and_then(|issued| issued.token.or(issued.access_token));
        token.filter(|token| !token.is_empty()).ok_or_else(|| RegistryError::Unavailable {
            host: self.place.host.clone(),
            reason: "its token server answers without a token".to_owned(),
        })
    }

    /// The body of a document, at most 1 MiB.
    ///
    /// # Errors
    ///
    /// When it is longer, or the connection breaks off.
    pub(super) async fn document(&self, answer: BoundedResponse) -> Result<Vec<u8>, RegistryError> {
        answer.document(DOCUMENT_BYTES).await.map_err(|error| self.failed(error))
    }

    /// The same, understood. `what` and `shown` are for the message.
    ///
    /// # Errors
    ///
    /// As [`Self::document`], or when it is something else.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        answer: BoundedResponse,
        what: &str,
    ) -> Result<T, RegistryError> {
        let bytes = self.document(answer).await?;
        serde_json::from_slice(&bytes).map_err(|error| RegistryError::Unavailable {
            host: self.place.host.clone(),
            reason: format!("its {what} cannot be parsed: {error}"),
        })
    }

    /// An answer that is not what was asked for, as an error about `shown`.
    pub(super) async fn refused(&self, shown: &str, answer: BoundedResponse) -> RegistryError {
        let status = answer.status();
        let wait = answer.header("retry-after").map(str::to_owned);
        let page = answer.beginning(EXPLANATION_BYTES).await.unwrap_or_default();
        let place = (self.place.host.as_str(), shown);
        error::refused(place, self.is_logged_in(), status, wait, &page)
    }

    /// The same for what must have worked.
    ///
    /// # Errors
    ///
    /// When its status is no success.
    pub(super) async fn accepted(
        &self,
        shown: &str,
        answer: BoundedResponse,
    ) -> Result<BoundedResponse, RegistryError> {
        match answer.status() {
            200..=299 => Ok(answer),
            _ => Err(self.refused(shown, answer).await),
        }
    }

    fn denied(&self, reason: &str) -> RegistryError {
        RegistryError::Denied {
            host: self.place.host.clone(),
            reference: self.place.place(),
            reason: reason.to_owned(),
            logged_in: self.is_logged_in(),
            client: EngineCommands::default(),
        }
    }

    pub(super) fn failed(&self, error: HttpError) -> RegistryError {
        error::failed(&self.place.host, error)
    }
}

fn bearer(token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", token.expose()))
}
