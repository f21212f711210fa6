//! Policy: what is tried again, and when.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::limits;
use super::request::Method;

/// How long to wait before an idempotent request is sent again (RFC 9110
/// §9.2.2); none when its answer stands. `attempt` counts from 1.
pub(super) fn wait(
    method: Method,
    status: StatusCode,
    headers: &HeaderMap,
    attempt: u32,
) -> Option<Duration> {
    let again = matches!(status.as_u16(), 429 | 502 | 503 | 504) && method.is_idempotent();
    if !again || attempt >= limits::ATTEMPTS {
        return None;
    }
    let asked = headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
    let usual = Duration::from_millis(250 << attempt.min(6));
    Some(asked.unwrap_or(usual)).filter(|wait| *wait <= limits::RETRY_AFTER)
}

/// Seconds, or a date (RFC 9110 §10.2.3).
pub(super) fn retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let date = parser.parse_timestamp(text.trim()).ok()?;
    let wait = date.duration_since(jiff::Timestamp::now());
    Some(Duration::try_from(wait).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(method: Method, status: u16, header: Option<&str>, attempt: u32) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        wait(method, StatusCode::from_u16(status).unwrap(), &headers, attempt)
    }

    #[test]
    fn idempotent_requests_wait_as_long_as_they_are_told() {
        for status in [429, 502, 503, 504] {
            assert_eq!(after(Method::Get, status, Some("3"), 1), Some(Duration::from_secs(3)));
        }
        assert_eq!(after(Method::Delete, 503, None, 1), Some(Duration::from_millis(500)));
        assert_eq!(after(Method::Put, 503, None, 3), Some(Duration::from_secs(2)));
        let past = Some("Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(after(Method::Get, 503, past, 1), Some(Duration::ZERO));
        let soon = jiff::Timestamp::now() + Duration::from_secs(10);
        let date = jiff::fmt::rfc2822::DateTimePrinter::new();
        let date = date.timestamp_to_rfc9110_string(&soon).unwrap();
        let wait = after(Method::Get, 503, Some(&date), 1).unwrap();
        assert!(wait > Duration::from_secs(5) && wait <= Duration::from_secs(10), "{wait:?}");
    }

    #[test]
    fn nothing_else_is_sent_twice() {
        assert_eq!(after(Method::Post, 503, Some("1"), 1), None);
        assert_eq!(after(Method::Patch, 429, Some("1"), 1), None);
        assert_eq!(after(Method::Get, 500, Some("1"), 1), None);
        assert_eq!(after(Method::Get, 404, None, 1), None);
        assert_eq!(after(Method::Get, 503, Some("1"), limits::ATTEMPTS), None);
        // Too long to sit there: the provider hears of it.
        assert_eq!(after(Method::Get, 429, Some("3600"), 1), None);
    }
}
