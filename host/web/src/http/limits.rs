//! The bounds of the capability (each has a test that hits it).

use std::time::Duration;

/// Until a connection stands, with its TLS handshake.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// From the first byte of a request to the last one of its answer, with
/// redirects and retries.
pub(super) const WHOLE: Duration = Duration::from_secs(60);

/// Bytes of a request body.
pub(super) const REQUEST_BYTES: usize = 1 << 20;

/// Bytes of an answer's body.
pub(super) const RESPONSE_BYTES: u64 = 16 << 20;

/// The same where the provider asks for more.
pub(super) const MOST_RESPONSE_BYTES: u64 = 256 << 20;

/// Bytes a second that an upload of ours makes at least.
pub(super) const SLOWEST_UPLOAD: usize = 16 << 10;

/// Bytes of one `read`.
pub(super) const READ_BYTES: usize = 64 << 10;

/// Bytes of a URL; what most servers take (RFC 9110 §4.1 recommends 8000).
pub(super) const URL_BYTES: usize = 8000;

/// Headers of a request, and bytes of all their names and values.
pub(super) const HEADERS: usize = 64;
pub(super) const HEADER_BYTES: usize = 16 << 10;

/// Redirects that are followed for one request.
pub(super) const REDIRECTS: usize = 5;

/// Attempts of one idempotent request, the first included.
pub(super) const ATTEMPTS: u32 = 4;

/// The longest `Retry-After` that is waited for; a longer one is the answer.
pub(super) const RETRY_AFTER: Duration = Duration::from_secs(20);

/// The oldest kept answer that is given again, the bytes of one, and how many
/// are kept for all providers together.
pub(super) const KEPT_AGE: Duration = Duration::from_secs(24 * 60 * 60);
pub(super) const KEPT_BYTES: usize = 64 << 10;
pub(super) const KEPT: usize = 64;

/// Answers a provider may hold open at once.
pub(super) const OPEN_RESPONSES: usize = 16;

/// Bytes, for a message.
pub(super) fn in_words(bytes: u64) -> String {
    match bytes {
        _ if bytes >= 1 << 20 && bytes.trailing_zeros() >= 20 => format!("{} MiB", bytes >> 20),
        _ if bytes >= 1 << 10 && bytes.trailing_zeros() >= 10 => format!("{} KiB", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}

/// What is read of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of its body.
    pub bytes: u64,
    /// How long it may pause.
    pub silence: Duration,
}

impl Bounds {
    /// Both, for a message.
    #[must_use]
    pub fn in_words(&self) -> String {
        let bytes = in_words(self.bytes);
        format!("an answer ends within {bytes} and pauses for at most {} s", self.silence.as_secs())
    }
}
