//! Who somebody is at a RenkuLab.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::environment::{Given, GivenToken};
use super::error::LoginError;
use super::oidc::ANSWER_BYTES;
use super::session::Session;
use super::store::Store;
use super::tokens::expiry;
use crate::domain::Secret;
use crate::http::{Access, Connection, Credential, Dials, Method, Origin, OriginUrl, Request};

/// A user as the service knows them (`GET /api/data/user`).
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Account {
    /// The name in paths of projects.
    pub username: String,
    #[serde(default)]
    pub email: Option<String>,
    /// The given name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// The family name.
    #[serde(default)]
    pub last_name: Option<String>,
}

/// What is sent to a RenkuLab to be let in, and whether it is the environment's.
///
/// # Errors
///
/// `NotLoggedIn` when there is nothing to send.
pub fn credential(
    store: &Store,
    given: &Given,
    renkulab: &OriginUrl,
) -> Result<Credential, LoginError> {
    if let Some(token) = &given.token {
        return Ok(Credential::Login(Arc::new(GivenToken(token.clone()))));
    }
    if store.load()?.get(renkulab).is_none() {
        return Err(LoginError::NotLoggedIn { url: renkulab.as_str().to_owned() });
    }
    Ok(Credential::Login(Arc::new(Session::new(store.clone(), renkulab.clone()))))
}

/// Asks a RenkuLab who we are.
///
/// # Errors
///
/// `Ended` when it does not know us.
pub async fn who_am_i(credential: Credential, renkulab: &OriginUrl) -> Result<Account, LoginError> {
    let url = renkulab.as_str().to_owned();
    let connection = Connection::new(Origin::new(renkulab.clone(), credential), Dials::default());
    let request = Request::new(Method::Get, "/api/data/user".to_owned());
    let response = connection.send(&request, Access::Usual).await?;
    match response.status() {
        200 => {}
        401 => return Err(LoginError::Ended { url }),
        status => return Err(LoginError::Status { url: format!("{url}/api/data/user"), status }),
    }
    let bytes = response.document(ANSWER_BYTES).await?.unwrap_or_default();
    serde_json::from_slice(&bytes).map_err(|_| LoginError::NotRenku {
        url,
        reason: "`/api/data/user` does not identify you".to_owned(),
    })
}

/// The id of a project, `namespace/slug`, at a RenkuLab; none when it has no such project for
/// us.
///
/// # Errors
///
/// When it cannot be asked.
pub async fn project_id(
    credential: Credential,
    renkulab: &OriginUrl,
    path: &str,
) -> Result<Option<String>, LoginError> {
    #[derive(Deserialize)]
    struct Project {
        id: String,
    }
    let plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let parts = path.split_once('/').filter(|(namespace, slug)| plain(namespace) && plain(slug));
    let Some((namespace, slug)) = parts else { return Ok(None) };
    let connection = Connection::new(Origin::new(renkulab.clone(), credential), Dials::default());
    let place = format!("/api/data/namespaces/{namespace}/projects/{slug}");
    let response = connection.send(&Request::new(Method::Get, place), Access::Usual).await?;
    if response.status() != 200 {
        return Ok(None);
    }
    let bytes = response.document(ANSWER_BYTES).await?.unwrap_or_default();
    let project: Option<Project> = serde_json::from_slice(&bytes).ok();
    Ok(project.map(|project| project.id))
}

/// When the login in use ends, as far as is known.
#[must_use]
pub fn ends_at(store: &Store, token: Option<&Secret>, renkulab: &OriginUrl) -> Option<Timestamp> {
    match token {
        Some(token) => Timestamp::from_second(expiry(token.expose())?).ok(),
        None => store.load().ok()?.get(renkulab)?.expires_at(),
    }
}
