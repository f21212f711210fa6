//! Gets a blob that is too large for memory, piece by piece, and goes on once where a
//! connection broke off.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use super::error::RegistryError;
use super::registry::Registry;
use crate::domain::Digest;
use crate::image_manifest::Blob;
use crate::web::http::Fetch;

/// Why a blob is not here.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// It cannot be kept.
    #[error(transparent)]
    Write(io::Error),
}

/// What came so far.
struct Part<'a> {
    to: &'a mut (dyn Write + Send),
    bytes: u64,
    hash: Sha256,
}

impl Registry {
    /// Writes a blob to `to`, whose digest is checked at the end. `progress` hears how much
    /// more has come.
    ///
    /// # Errors
    ///
    /// When it cannot be had, has another size or digest, or cannot be written.
    pub async fn download(
        &self,
        shown: &str,
        blob: &Blob,
        to: &mut (dyn Write + Send),
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let mut part = Part { to, bytes: 0, hash: Sha256::new() };
        match self.go_on(shown, blob, &mut part, progress).await {
            Err(DownloadError::Registry(error)) if is_passing(&error) => {
                tracing::info!("{error}; going on at byte {} of {}", part.bytes, blob.size);
                self.go_on(shown, blob, &mut part, progress).await?;
            }
            gone => gone?,
        }
        let found = Digest::from_bytes(part.hash.finalize().into());
        match found == blob.digest {
            true => Ok(()),
            false => Err(self.tampered(shown, &blob.digest.to_string(), &found.to_string()).into()),
        }
    }

    async fn go_on(
        &self,
        shown: &str,
        blob: &Blob,
        part: &mut Part<'_>,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let mut request = Fetch::get(self.wire.url(&format!("blobs/{}", blob.digest))?);
        if part.bytes > 0 {
            request = request.after(part.bytes);
        }
        let answer = self.wire.send(request).await?;
        let mut answer = self.wire.accepted(shown, answer).await?;
        // Who does not know ranges sends all of it again.
        let begins = format!("bytes {}-", part.bytes);
        let goes_on = answer.status() == 206
            && answer.header("content-range").is_some_and(|range| range.starts_with(&begins));
        let mut known = if goes_on { 0 } else { part.bytes };
        while let Some(piece) =
            answer.piece(blob.size).await.map_err(|error| self.wire.failed(error))?
        {
            let skipped = known.min(piece.len() as u64);
            known -= skipped;
            let new = piece.get(usize::try_from(skipped).unwrap_or_default()..).unwrap_or_default();
            let count = new.len() as u64;
            if count > blob.size.saturating_sub(part.bytes) {
                let promised = format!("{} bytes", blob.size);
                return Err(self.tampered(shown, &promised, "more").into());
            }
            part.to.write_all(new).map_err(DownloadError::Write)?;
            part.hash.update(new);
            part.bytes += count;
            progress(count);
        }
        match part.bytes == blob.size {
            true => Ok(()),
            false => Err(RegistryError::Cut {
                host: self.place.host.clone(),
                reason: format!("{} of {} bytes came", part.bytes, blob.size),
            }
            .into()),
        }
    }
}

/// Whether it may work in the next moment.
fn is_passing(error: &RegistryError) -> bool {
    matches!(
        error,
        RegistryError::Cut { .. }
            | RegistryError::Timeout { .. }
            | RegistryError::Unavailable { .. }
    )
}
