//! Headers that a provider wants to send, and those of answers. Input: name, a zero byte,
//! value.

use renku_session_web::http::fuzzing::{retry_after, sent_header};
use reqwest::header::HeaderName;

use super::texts;

pub(super) fn check(bytes: &[u8]) {
    let Some([name, value]) = texts(bytes) else { return };
    let _ = retry_after(value);
    let credential = HeaderName::from_static("x-key");
    let Some((sent, value)) = sent_header(name, value, &credential) else { return };
    let is_plain = |byte: &u8| *byte == b'\t' || (b' '..=b'~').contains(byte);
    assert!(value.iter().all(is_plain), "{value:?}");
    let folded = sent.replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    for never in ["x-key", "authorization", "cookie", "host", "content-length", "te", "connection"]
    {
        assert_ne!(folded, never);
    }
    for never in ["override", "rewrite", "original", "forwarded", "proxy"] {
        assert!(!folded.contains(never), "{sent}");
    }
}
