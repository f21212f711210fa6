//! OpenID Connect as Keycloak speaks it: discovery, the device grant (RFC 8628),
//! refresh (RFC 6749 §6) and revocation (RFC 7009).

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;
use url::form_urlencoded::Serializer;

use super::error::LoginError;
use super::tokens::Granted;
use crate::domain::Secret;
use crate::http::{
    Access, Connection, Credential, Dials, Method, Origin, OriginUrl, Request, Response,
};

/// The public client that every RenkuLab has for command lines.
const CLIENT: &str = "renku-cli";

/// The realm of every RenkuLab.
const DISCOVERY: &str = "/auth/realms/Renku/.well-known/openid-configuration";

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Bytes of an answer; the largest is a token response of some KiB.
pub(super) const ANSWER_BYTES: usize = 256 * 1024;

/// Where the identity service answers (OpenID Connect Discovery 1.0 §3).
#[derive(Deserialize)]
pub(super) struct Endpoints {
    #[serde(rename = "device_authorization_endpoint")]
    pub(super) device: String,
    #[serde(rename = "token_endpoint")]
    pub(super) token: String,
    #[serde(rename = "revocation_endpoint", default)]
    pub(super) revocation: Option<String>,
}

/// What the user does in the browser (RFC 8628 §3.2).
#[derive(Deserialize)]
pub(super) struct DeviceCode {
    device_code: String,
    pub(super) user_code: String,
    pub(super) verification_uri: String,
    #[serde(default)]
    pub(super) verification_uri_complete: Option<String>,
    /// Seconds.
    pub(super) expires_in: u64,
    /// Seconds between two questions.
    #[serde(default = "five")]
    pub(super) interval: u64,
}

fn five() -> u64 {
    5
}

/// Whether the user has confirmed (RFC 8628 §3.5).
pub(super) enum Confirmation {
    Granted(Granted),
    Pending,
    /// Not yet, and ask less often.
    SlowDown,
}

/// An error of RFC 6749 §5.2.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
}

/// The identity service of one RenkuLab.
pub(super) struct Service<'a> {
    pub(super) renkulab: &'a OriginUrl,
}

impl Service<'_> {
    /// Finds the endpoints.
    ///
    /// # Errors
    ///
    /// `NotRenku` when there is no RenkuLab at this place.
    pub(super) async fn discover(&self) -> Result<Endpoints, LoginError> {
        let origin = Origin::new(self.renkulab.clone(), Credential::None);
        let connection = Connection::new(origin, Dials::default());
        let request = Request::new(Method::Get, DISCOVERY.to_owned());
        let response = connection.send(&request, Access::Usual).await?;
        let not_renku = |reason: String| LoginError::NotRenku {
            url: self.renkulab.as_str().to_owned(),
            reason,
        };
        if response.status() != 200 {
            return Err(not_renku(format!("`{DISCOVERY}` answers {}", response.status())));
        }
        let bytes = self.body(&response).await?;
        let endpoints: Endpoints = serde_json::from_slice(&bytes)
            .map_err(|_| not_renku(format!("`{DISCOVERY}` does not describe how to log in")))?;
        for endpoint in
            [Some(&endpoints.device), Some(&endpoints.token), endpoints.revocation.as_ref()]
                .into_iter()
                .flatten()
        {
            self.place(endpoint)?;
        }
        Ok(endpoints)
    }

    /// Asks for a code (RFC 8628 §3.1).
    ///
    /// # Errors
    ///
    /// When the service refuses or cannot be reached.
    pub(super) async fn device_code(&self, endpoint: &str) -> Result<DeviceCode, LoginError> {
        let form = [("client_id", CLIENT), ("scope", "openid")];
        let (status, bytes) = self.post(endpoint, &form).await?;
        if status == 200 { self.parse(&bytes) } else { Err(self.refusal(status, &bytes)) }
    }

    /// Asks whether the user has confirmed (RFC 8628 §3.4).
    ///
    /// # Errors
    ///
    /// `Refused`, `CodeExpired`, or when the service cannot be reached.
    pub(super) async fn confirmed(
        &self,
        endpoint: &str,
        code: &DeviceCode,
    ) -> Result<Confirmation, LoginError> {
        let form = [
            ("grant_type", DEVICE_GRANT),
            ("device_code", code.device_code.as_str()),
            ("client_id", CLIENT),
        ];
        let (status, bytes) = self.post(endpoint, &form).await?;
        if status == 200 {
            return Ok(Confirmation::Granted(self.parse(&bytes)?));
        }
        let said = serde_json::from_slice::<Refusal>(&bytes).map(|refusal| refusal.error);
        match said.as_deref().unwrap_or_default() {
            "authorization_pending" => Ok(Confirmation::Pending),
            "slow_down" => Ok(Confirmation::SlowDown),
            "access_denied" => Err(LoginError::Refused),
            "expired_token" => Err(LoginError::CodeExpired),
            _ => Err(self.refusal(status, &bytes)),
        }
    }

    /// Takes new tokens for a refresh token.
    ///
    /// # Errors
    ///
    /// `Ended` when it is of no use any more.
    pub(super) async fn refresh(
        &self,
        endpoint: &str,
        token: &Secret,
    ) -> Result<Granted, LoginError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.expose()),
            ("client_id", CLIENT),
        ];
        let (status, bytes) = self.post(endpoint, &form).await?;
        if status == 200 {
            return self.parse(&bytes);
        }
        match serde_json::from_slice::<Refusal>(&bytes) {
            Ok(refusal) if refusal.error == "invalid_grant" => {
                Err(LoginError::Ended { url: self.renkulab.as_str().to_owned() })
            }
            _ => Err(self.refusal(status, &bytes)),
        }
    }

    /// Ends a refresh token at the service.
    ///
    /// # Errors
    ///
    /// When the service refuses or cannot be reached.
    pub(super) async fn revoke(&self, endpoint: &str, token: &Secret) -> Result<(), LoginError> {
        let form = [
            ("token", token.expose()),
            ("token_type_hint", "refresh_token"),
            ("client_id", CLIENT),
        ];
        let (status, bytes) = self.post(endpoint, &form).await?;
        if (200..300).contains(&status) { Ok(()) } else { Err(self.refusal(status, &bytes)) }
    }

    /// An endpoint as origin and path. It may be on another host (a Keycloak of
    /// its own), but never less safe than the RenkuLab itself.
    fn place(&self, endpoint: &str) -> Result<(OriginUrl, String), LoginError> {
        let not_renku = || LoginError::NotRenku {
            url: self.renkulab.as_str().to_owned(),
            reason: "it names an endpoint for logins that cannot be used".to_owned(),
        };
        let mut url = Url::parse(endpoint).map_err(|_| not_renku())?;
        let path = url.path().to_owned();
        url.set_path("");
        let origin = OriginUrl::parse(url.as_str()).and_then(OriginUrl::for_secrets);
        let origin = origin.map_err(|_| not_renku())?;
        if origin.is_loopback() && !self.renkulab.is_loopback() {
            return Err(not_renku());
        }
        Ok((origin, path))
    }

    async fn post(
        &self,
        endpoint: &str,
        form: &[(&str, &str)],
    ) -> Result<(u16, Vec<u8>), LoginError> {
        let (url, path) = self.place(endpoint)?;
        let origin = Origin::new(url, Credential::None);
        let connection = Connection::new(origin, Dials::default());
        let mut request = Request::new(Method::Post, path);
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        request.body("application/x-www-form-urlencoded".to_owned(), body.into_bytes());
        let response = connection.send(&request, Access::Usual).await?;
        Ok((response.status(), self.body(&response).await?))
    }

    async fn body(&self, response: &Response) -> Result<Vec<u8>, LoginError> {
        let bytes = response.document(ANSWER_BYTES).await?;
        bytes.ok_or_else(|| {
            let kilobytes = ANSWER_BYTES >> 10;
            self.strange(&format!("the answer is longer than {kilobytes} KiB"))
        })
    }

    fn parse<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, LoginError> {
        // Without what the parser says: it may quote a token.
        serde_json::from_slice(bytes).map_err(|_| self.strange("the answer cannot be parsed"))
    }

    fn strange(&self, what: &str) -> LoginError {
        let url = self.renkulab.as_str().to_owned();
        LoginError::Service { url, code: what.to_owned(), description: None }
    }

    fn refusal(&self, status: u16, bytes: &[u8]) -> LoginError {
        let url = self.renkulab.as_str().to_owned();
        match serde_json::from_slice::<Refusal>(bytes) {
            Ok(refusal) => LoginError::Service {
                url,
                code: refusal.error,
                description: refusal.error_description,
            },
            Err(_) => LoginError::Status { url, status },
        }
    }
}
