//! A file behind an https URL, with the signature beside it.

use url::Url;

use super::file::SIGNATURE_BYTES;
use crate::error::ProvidersError;
use crate::sandbox::SandboxError;
use crate::signing::SUFFIX;
use crate::web::{DownloadError, Downloads};

/// The file at `url`, and its signature if there is one.
///
/// # Errors
///
/// When it cannot be had or has more than `limit` bytes.
pub(super) async fn fetch(
    url: &str,
    limit: usize,
) -> Result<(Vec<u8>, Option<String>), ProvidersError> {
    let why = |limit| move |error| failed(url, limit, error);
    let address: Url =
        url.parse().map_err(|error| refused(url, url::ParseError::to_string(&error)))?;
    let downloads = Downloads::of(&address);
    let bytes = downloads.get(address.clone(), limit).await.map_err(why(limit))?;

    let mut beside = address;
    beside.set_path(&format!("{}{SUFFIX}", beside.path()));
    let signature = match downloads.get(beside, SIGNATURE_BYTES).await {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(DownloadError::Status { code: 404 | 410 }) => None,
        // Unknown is not unsigned. Stores that nobody may list answer 403 for what is absent.
        Err(DownloadError::Status { code }) => {
            return Err(ProvidersError::UnknownSignature { url: url.to_owned(), code });
        }
        Err(error) => return Err(failed(url, SIGNATURE_BYTES, error)),
    };
    Ok((bytes, signature))
}

fn failed(url: &str, limit: usize, error: DownloadError) -> ProvidersError {
    match error {
        DownloadError::Status { code } => refused(url, format!("the server answered {code}")),
        DownloadError::TooLarge { bytes } => {
            SandboxError::TooLarge { provider: url.to_owned(), bytes, limit }.into()
        }
        DownloadError::Failed(reason) => refused(url, reason),
    }
}

fn refused(url: &str, reason: String) -> ProvidersError {
    ProvidersError::Download { url: url.to_owned(), reason }
}
