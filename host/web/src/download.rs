//! Files behind https URLs, read up to a limit.

use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, Url};

use crate::domain::innermost;
use crate::http::install_cryptography;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// Release pages lead on to where their files are.
const REDIRECTS: usize = 5;

/// Why a file cannot be had.
#[derive(Debug)]
pub enum DownloadError {
    /// The server has another answer than the file.
    Status {
        /// Its status.
        code: u16,
        /// The same in words: `404 Not Found`.
        words: String,
    },
    /// It has more bytes than allowed.
    TooLarge {
        /// How many, at least.
        bytes: usize,
    },
    /// There is no answer, or not a whole one.
    Failed(String),
}

/// Downloads over one client.
pub struct Downloads(Client);

impl Downloads {
    /// Builds the client, which takes milliseconds.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, DownloadError> {
        install_cryptography();
        Client::builder()
            .user_agent(concat!("renku-session/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .https_only(true)
            .redirect(Policy::custom(encrypted_only))
            .build()
            .map(Self)
            .map_err(|error| DownloadError::Failed(innermost(&error)))
    }

    /// The file at `url`.
    ///
    /// # Errors
    ///
    /// When it cannot be had or has more than `limit` bytes.
    pub async fn get(&self, url: Url, limit: usize) -> Result<Vec<u8>, DownloadError> {
        let answer = self.0.get(url).send().await;
        let answer = answer.map_err(|error| DownloadError::Failed(innermost(&error)))?;
        match answer.status() {
            status if status.is_success() => read(answer, limit).await,
            status => {
                Err(DownloadError::Status { code: status.as_u16(), words: status.to_string() })
            }
        }
    }
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

async fn read(mut answer: Response, limit: usize) -> Result<Vec<u8>, DownloadError> {
    let mut bytes = Vec::new();
    loop {
        let part = answer.chunk().await.map_err(|error| {
            DownloadError::Failed(format!("the connection was cut: {}", innermost(&error)))
        })?;
        let Some(part) = part else { return Ok(bytes) };
        if bytes.len() + part.len() > limit {
            return Err(DownloadError::TooLarge { bytes: bytes.len() + part.len() });
        }
        bytes.extend_from_slice(&part);
    }
}
