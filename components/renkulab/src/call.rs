//! Requests and answers of the service.

use renku_session_sdk::http::Method;
use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Absolute and percent-encoded.
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    /// Whether the session that follows should be able to use git.
    pub(crate) with_refresh_token: bool,
    /// For what RenkuLab tells everybody: how many seconds old the answer may be.
    pub(crate) max_age: Option<u32>,
    /// What could not be done when this fails: `list the sessions`.
    pub(crate) purpose: &'static str,
}

/// An answer, whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// How many pages a list has.
    pub(crate) pages: Option<u32>,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: String,
}

impl Call {
    /// A request for `/api/data/<parts>`, each part encoded.
    pub(crate) fn new(method: Method, parts: &[&str], purpose: &'static str) -> Self {
        let path: String = parts.iter().map(|part| format!("/{}", encode(part))).collect();
        Self {
            method,
            path: format!("/api/data{path}"),
            query: Vec::new(),
            body: None,
            with_refresh_token: false,
            max_age: None,
            purpose,
        }
    }

    pub(crate) fn get(parts: &[&str], purpose: &'static str) -> Self {
        Self::new(Method::Get, parts, purpose)
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn anonymous(mut self, max_age: u32) -> Self {
        self.max_age = Some(max_age);
        self
    }

    pub(crate) fn with_refresh_token(mut self) -> Self {
        self.with_refresh_token = true;
        self
    }
}

/// Percent-encodes a segment of a path (RFC 3986 §3.3).
fn encode(segment: &str) -> String {
    use std::fmt::Write as _;
    segment.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_typed_stays_one_segment() {
        let call = Call::get(&["sessions", "a/../b?c#d é"], "look");
        assert_eq!(call.path, "/api/data/sessions/a%2F..%2Fb%3Fc%23d%20%C3%A9");
    }
}
