//! Files behind https URLs, read up to a limit.

use std::time::Duration;

use url::Url;

use crate::domain::{Diagnostic as _, WebPlace};
use crate::http::{Fetch, Fetcher, HttpError};

/// How long a server may say nothing.
const SILENCE: Duration = Duration::from_secs(60);

/// Why a file cannot be had.
#[derive(Debug)]
pub enum DownloadError {
    /// The server has another answer than the file.
    Status { code: u16 },
    /// It has more bytes than allowed.
    TooLarge {
        /// How many, at least.
        bytes: usize,
    },
    /// There is no answer, or not a whole one.
    Failed(String),
}

/// Downloads from where one URL leads.
pub struct Downloads(Fetcher);

impl Downloads {
    /// For `url` and what lies beside it. Nothing is built yet.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        let here = WebPlace::of(url.as_str()).is_some_and(|place| place.is_loopback());
        Self(Fetcher::new(here, SILENCE))
    }

    /// The file at `url`.
    ///
    /// # Errors
    ///
    /// When it cannot be had or has more than `limit` bytes.
    pub async fn get(&self, url: Url, limit: usize) -> Result<Vec<u8>, DownloadError> {
        let most = u64::try_from(limit).unwrap_or(u64::MAX);
        let answer = self.0.send(&Fetch::get(url)).await.map_err(failed)?;
        match answer.status() {
            200..=299 => answer.file(most).await.map_err(|error| match error {
                HttpError::TooMuch { .. } => {
                    DownloadError::TooLarge { bytes: limit.saturating_add(1) }
                }
                error => failed(error),
            }),
            code => Err(DownloadError::Status { code }),
        }
    }
}

/// An error with its causes, in one line.
fn failed(error: HttpError) -> DownloadError {
    DownloadError::Failed([vec![error.to_string()], error.causes()].concat().join(": "))
}

#[cfg(test)]
mod tests {
    use renku_session_testing::server::{Server, answer};

    use super::*;

    fn get(server: &Server, limit: usize) -> Result<Vec<u8>, DownloadError> {
        let url: Url = server.url.parse().unwrap();
        let downloads = Downloads::of(&url);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(downloads.get(url, limit))
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let server = Server::saying([answer("200 OK", &[], "0123456789")]);
        assert_eq!(get(&server, 10).unwrap(), b"0123456789");
        assert!(matches!(get(&server, 9), Err(DownloadError::TooLarge { bytes: 10 })));
        let missing = Server::saying([answer("404 Not Found", &[], "")]);
        assert!(matches!(get(&missing, 9), Err(DownloadError::Status { code: 404 })));
    }

    #[test]
    fn a_download_does_not_lead_to_metadata_of_a_cloud() {
        let location = [("location", "http://169.254.169.254/latest/meta-data/")];
        let server = Server::saying([answer("302 Found", &location, "")]);
        match get(&server, 100) {
            Err(DownloadError::Failed(reason)) => {
                assert!(reason.contains("it is link-local"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
}
