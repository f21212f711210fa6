//! A file behind an https URL, read up to a limit, with the signature beside it.

use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode, Url};

use super::file::SIGNATURE_BYTES;
use crate::capabilities::http::install_cryptography;
use crate::domain::innermost;
use crate::providers::error::ProvidersError;
use crate::providers::signing::SUFFIX;
use crate::sandbox::SandboxError;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// Release pages lead on to where their files are.
const REDIRECTS: usize = 5;

/// The file at `url`, and its signature if there is one.
///
/// # Errors
///
/// When it cannot be had or has more than `limit` bytes.
pub(super) async fn fetch(
    url: &str,
    limit: usize,
) -> Result<(Vec<u8>, Option<String>), ProvidersError> {
    let failed = |reason: String| ProvidersError::Download { url: url.to_owned(), reason };
    let address: Url = url.parse().map_err(|error| failed(format!("{error}")))?;
    let client = client().map_err(|error| failed(innermost(&error)))?;

    let answer = get(&client, address.clone()).await.map_err(|error| failed(innermost(&error)))?;
    if !answer.status().is_success() {
        return Err(failed(format!("the server answers {}", answer.status())));
    }
    let bytes = read(answer, url, limit).await?;

    let mut beside = address;
    beside.set_path(&format!("{}{SUFFIX}", beside.path()));
    let answer = get(&client, beside).await.map_err(|error| failed(innermost(&error)))?;
    let signature = match answer.status() {
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => None,
        status if status.is_success() => {
            let bytes = read(answer, url, SIGNATURE_BYTES).await?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        // Whether it is signed must be known.
        status => return Err(failed(format!("the server answers {status} for the signature"))),
    };
    Ok((bytes, signature))
}

fn client() -> reqwest::Result<Client> {
    install_cryptography();
    Client::builder()
        .user_agent(concat!("renku-session/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .https_only(true)
        .redirect(Policy::custom(encrypted_only))
        .build()
}

fn encrypted_only(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.url().scheme() != "https" {
        attempt.error("it leads to a place that is not encrypted")
    } else if attempt.previous().len() > REDIRECTS {
        attempt.error("it leads on and on")
    } else {
        attempt.follow()
    }
}

async fn get(client: &Client, url: Url) -> reqwest::Result<Response> {
    client.get(url).send().await
}

async fn read(mut answer: Response, url: &str, limit: usize) -> Result<Vec<u8>, ProvidersError> {
    let too_large = |bytes| SandboxError::TooLarge { provider: url.to_owned(), bytes, limit };
    let mut bytes = Vec::new();
    loop {
        let part = answer.chunk().await.map_err(|error| ProvidersError::Download {
            url: url.to_owned(),
            reason: format!("the connection was cut: {}", innermost(&error)),
        })?;
        let Some(part) = part else { return Ok(bytes) };
        if bytes.len() + part.len() > limit {
            return Err(too_large(bytes.len() + part.len()).into());
        }
        bytes.extend_from_slice(&part);
    }
}
