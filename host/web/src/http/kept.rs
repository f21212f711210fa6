//! What services tell everybody, kept in the cache of the user, so that a version
//! is not asked for by every command.
//!
//! Only answers to requests without a credential get here. Each provider has its
//! own, and they are bounded: in number, size and age.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::limits;
use super::request::Checked;
use crate::domain::{Identity, hexadecimal};
use crate::files::OwnFile;

/// The kept answers of one provider.
#[derive(Debug, Clone)]
pub struct Kept {
    folder: PathBuf,
    provider: String,
}

/// One answer with status 200.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptResponse {
    /// Seconds since 1970.
    at: u64,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Kept {
    /// The answers of `provider` in the user's `cache`. Nothing is read yet.
    #[must_use]
    pub fn new(cache: &Path, provider: &Identity) -> Self {
        Self { folder: cache.join("answers"), provider: provider.label() }
    }

    /// The answer to a request, when there is one of the last `max_age`.
    pub(super) fn find(&self, request: &Checked, max_age: Duration) -> Option<KeptResponse> {
        let text = self.file(request).read().ok()??;
        let answer: KeptResponse = serde_json::from_str(&text).ok()?;
        // One from the future is of a clock that was wrong.
        let age = now().checked_sub(answer.at)?;
        (age < max_age.min(limits::KEPT_AGE).as_secs()).then_some(answer)
    }

    /// Keeps an answer. What is not text, or cannot be written, is not kept.
    pub(super) fn keep(&self, request: &Checked, headers: &HeaderMap, body: &[u8]) {
        let Ok(body) = String::from_utf8(body.to_vec()) else { return };
        let text = |value: &HeaderValue| Some(value.to_str().ok()?.to_owned());
        let headers = headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
            .collect();
        let answer = KeptResponse { at: now(), headers, body };
        let text = serde_json::to_string(&answer).unwrap_or_default();
        self.make_room();
        if let Err(error) = self.file(request).overwrite(&text) {
            tracing::debug!("an answer is not kept: {error}");
        }
    }

    fn file(&self, request: &Checked) -> OwnFile {
        let mut digest = Sha256::new();
        for part in [self.provider.as_bytes(), request.url.as_str().as_bytes()] {
            digest.update(part);
            digest.update([0]);
        }
        for (name, value) in &request.headers {
            digest.update(name.as_str());
            digest.update([0]);
            digest.update(value.as_bytes());
            digest.update([0]);
        }
        OwnFile::secret(self.folder.join(format!("{}.json", hexadecimal(&digest.finalize()))))
    }

    /// Removes what is too old for anybody, and the oldest where there is no room.
    fn make_room(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort();
        let beyond = (files.len() + 1).saturating_sub(limits::KEPT);
        for (number, (written, file)) in files.iter().enumerate() {
            let is_old = written.elapsed().is_ok_and(|age| age > limits::KEPT_AGE);
            if is_old || number < beyond {
                // Another process may have been faster.
                let _ = std::fs::remove_file(file);
            }
        }
    }
}

impl KeptResponse {
    /// Its headers, as the provider sees them.
    pub(super) fn headers(&self) -> HeaderMap {
        let parsed = self.headers.iter().filter_map(|(name, value)| {
            Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
        });
        parsed.collect()
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
