//! Policy: which headers a provider may send and see.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::error::HttpError;

/// What the host alone sends: where a request goes, who asks, and what belongs to
/// the connection (RFC 9110 §7.6.1).
const HOSTS: [&str; 19] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-real-ip",
];

/// Families of such headers. `renku-auth-…` is what the gateway of a RenkuLab
/// trusts (it passes a client's own on).
const HOSTS_FAMILIES: [&str; 4] = ["proxy-", "renku-auth-", "sec-", "x-forwarded-"];

/// What a provider never sees of an answer: credentials, and requests for them.
const CREDENTIALS: [&str; 6] = [
    "authentication-info",
    "authorization",
    "proxy-authenticate",
    "set-cookie",
    "set-cookie2",
    "www-authenticate",
];

/// Checks one header of a provider; `credential` is the header that carries the
/// origin's own credential.
///
/// # Errors
///
/// `Header` when it is the host's, or is no header (RFC 9110 §5.1, §5.5).
pub(super) fn allowed(
    name: &str,
    value: &str,
    credential: Option<&HeaderName>,
) -> Result<(HeaderName, HeaderValue), HttpError> {
    let refuse = |reason| HttpError::Header { name: name.to_owned(), reason };
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| refuse("this is not the name of a header"))?;
    let lower = parsed.as_str();
    let hosts = HOSTS.contains(&lower)
        || HOSTS_FAMILIES.iter().any(|family| lower.starts_with(family))
        || Some(&parsed) == credential;
    if hosts {
        return Err(refuse("it is set by the host alone"));
    }
    // Stricter than the parser, which takes bytes above ASCII.
    let plain = value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
    match HeaderValue::from_str(value) {
        Ok(value) if plain => Ok((parsed, value)),
        _ => Err(refuse("its value holds a character that no header may hold")),
    }
}

/// The headers of an answer that a provider may see.
pub(super) fn visible(mut headers: HeaderMap, credential: Option<&HeaderName>) -> HeaderMap {
    let hidden: Vec<HeaderName> = headers
        .keys()
        .filter(|name| {
            CREDENTIALS.contains(&name.as_str())
                || name.as_str().starts_with("renku-auth-")
                || Some(*name) == credential
        })
        .cloned()
        .collect();
    for name in hidden {
        headers.remove(name);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(name: &str, value: &str) -> &'static str {
        let own = HeaderName::from_static("private-token");
        match allowed(name, value, Some(&own)) {
            Err(HttpError::Header { reason, .. }) => reason,
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn the_headers_of_the_host_are_refused_in_any_case() {
        for name in [
            "Host",
            "AUTHORIZATION",
            "cookie",
            "Connection",
            "Proxy-Authorization",
            "Transfer-Encoding",
            "content-length",
            "Renku-Auth-Refresh-Token",
            "Upgrade",
            "X-Forwarded-Host",
            "Private-Token",
            "User-Agent",
            "Content-Type",
        ] {
            assert_eq!(reason(name, "x"), "it is set by the host alone", "{name}");
        }
    }

    #[test]
    fn nothing_can_be_smuggled_in_a_name_or_value() {
        for name in ["", "a b", "a:b", "a\r\nHost", "é", "a\0"] {
            assert_eq!(reason(name, "x"), "this is not the name of a header", "{name:?}");
        }
        for value in ["a\r\nHost: evil", "a\nb", "a\0", "é", "\u{7f}"] {
            let wanted = "its value holds a character that no header may hold";
            assert_eq!(reason("x-a", value), wanted, "{value:?}");
        }
    }

    #[test]
    fn other_headers_pass() {
        let (name, value) = allowed("If-Match", "\"etag\"", None).unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("if-match", "\"etag\""));
    }

    #[test]
    fn credentials_of_an_answer_are_hidden() {
        let mut headers = HeaderMap::new();
        for name in
            ["set-cookie", "www-authenticate", "renku-auth-anon-id", "etag", "private-token"]
        {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static("x"));
        }
        let own = HeaderName::from_static("private-token");
        let left = visible(headers, Some(&own));
        assert_eq!(left.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["etag"]);
    }
}
