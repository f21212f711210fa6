//! Policy: which headers a provider may send and see.
//!
//! Servers behind CGI, WSGI and the like take `X_Key`, `x.key` and `X-Key` for one
//! header, so names are compared with case and punctuation folded. What passes is a
//! list: nobody knows all headers that make a server do something else than asked.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::error::HttpError;

/// What every provider may send: about the form of the answer, its age and its part,
/// and what only marks a request. The provider guide names them.
const PASSING: [&str; 14] = [
    "accept",
    "accept-language",
    "cache-control",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-event-id",
    "prefer",
    "range",
    "x-correlation-id",
    "x-request-id",
];

/// What the host alone sends, whatever an origin lets pass: where a request goes, who
/// asks, and what belongs to the connection (RFC 9110 §7.6.1).
const HOSTS: [&str; 23] = [
    "accept-charset",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "origin",
    "referer",
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

/// What makes a server take a request for another one: another method, path or host.
const REWRITING: [&str; 4] = ["method", "original", "override", "rewrite"];

/// The same, under names of their own.
const REWRITING_NAMES: [&str; 5] =
    ["x-accel-redirect", "x-host", "x-http-destinationurl", "x-proxy-url", "x-waws-unencoded-url"];

/// Query parameters that some frameworks take for the method.
const METHODS: [&str; 6] = [
    "-http-method",
    "-method",
    "-method-override",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

/// What a provider never sees of an answer: credentials, and requests for them.
const CREDENTIALS: [&str; 6] = [
    "authentication-info",
    "authorization",
    "proxy-authenticate",
    "set-cookie",
    "set-cookie2",
    "www-authenticate",
];

const BY_THE_HOST: &str = "it is set by the host alone";
const REWRITES: &str = "it can turn a request into another one";

/// A name as servers compare it.
fn folded(name: &str) -> String {
    let fold = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte.to_ascii_lowercase()),
        false => '-',
    };
    name.bytes().map(fold).collect()
}

/// Why nobody may let a header of this name pass; none when an origin may.
fn forbidden(folded: &str) -> Option<&'static str> {
    if HOSTS.contains(&folded) || HOSTS_FAMILIES.iter().any(|family| folded.starts_with(family)) {
        return Some(BY_THE_HOST);
    }
    let rewrites = folded.split('-').any(|word| REWRITING.contains(&word))
        || REWRITING_NAMES.contains(&folded);
    rewrites.then_some(REWRITES)
}

/// A header that a user lets pass to an origin of theirs, beyond those of the list.
///
/// # Errors
///
/// Why it cannot be one.
pub fn allowable(name: &str) -> Result<HeaderName, &'static str> {
    let parsed =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| "this is not the name of a header")?;
    match forbidden(&folded(name)) {
        Some(reason) => Err(reason),
        None => Ok(parsed),
    }
}

/// Checks one header of a provider. `credential` is the header that carries the
/// origin's own credential, `origins` is what its user lets pass there.
///
/// # Errors
///
/// `Header` when it is not on the list, or is no header (RFC 9110 §5.1, §5.5).
pub(super) fn allowed(
    name: &str,
    value: &str,
    credential: Option<&HeaderName>,
    origins: &[HeaderName],
) -> Result<(HeaderName, HeaderValue), HttpError> {
    let refuse = |reason| HttpError::Header { name: name.to_owned(), reason };
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| refuse("this is not the name of a header"))?;
    let folded = folded(name);
    if let Some(reason) = forbidden(&folded) {
        return Err(refuse(reason));
    }
    if credential.is_some_and(|own| self::folded(own.as_str()) == folded) {
        return Err(refuse(BY_THE_HOST));
    }
    // Exactly, not folded: what is sent is what was allowed.
    if !PASSING.contains(&parsed.as_str()) && !origins.contains(&parsed) {
        return Err(HttpError::UnlistedHeader { name: name.to_owned(), origin: None });
    }
    Ok((parsed, self::value(value).map_err(refuse)?))
}

/// Checks the value of a header. Stricter than the parser, which takes bytes above ASCII.
///
/// # Errors
///
/// When no header may hold it.
pub(super) fn value(text: &str) -> Result<HeaderValue, &'static str> {
    let plain = text.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
    match HeaderValue::from_str(text) {
        Ok(value) if plain => Ok(value),
        _ => Err("its value contains a character that is not allowed in headers"),
    }
}

/// Whether some servers take a query parameter of this name for the method.
pub(super) fn names_the_method(parameter: &str) -> bool {
    METHODS.contains(&folded(parameter).as_str())
}

/// The headers of an answer that a provider may see.
pub(super) fn visible(mut headers: HeaderMap, credential: Option<&HeaderName>) -> HeaderMap {
    let own = credential.map(|own| folded(own.as_str()));
    let hidden: Vec<HeaderName> = headers
        .keys()
        .filter(|name| {
            let name = folded(name.as_str());
            CREDENTIALS.contains(&name.as_str())
                || name.starts_with("renku-auth-")
                || Some(name) == own
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

    fn own() -> HeaderName {
        HeaderName::from_static("private-token")
    }

    fn reason(name: &str, value: &str) -> String {
        // Whatever an origin lets pass.
        let all: Vec<HeaderName> = HeaderName::from_bytes(name.as_bytes()).into_iter().collect();
        match allowed(name, value, Some(&own()), &all) {
            Err(HttpError::Header { reason, .. }) => reason.to_owned(),
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn the_headers_of_the_host_are_refused_in_every_spelling() {
        for name in [
            "Host",
            "AUTHORIZATION",
            "cookie",
            "Connection",
            "Proxy-Authorization",
            "Proxy_Authorization",
            "Transfer-Encoding",
            "transfer_encoding",
            "content-length",
            "Content_Length",
            "Renku-Auth-Refresh-Token",
            "renku_auth_refresh_token",
            "Upgrade",
            "X-Forwarded-Host",
            "X_Forwarded_Host",
            "Private-Token",
            "private_token",
            "PRIVATE.TOKEN",
            "User-Agent",
            "Content-Type",
        ] {
            assert_eq!(reason(name, "x"), BY_THE_HOST, "{name}");
        }
    }

    #[test]
    fn no_header_makes_a_request_another_one_whatever_the_origin_lets_pass() {
        for name in [
            "X-HTTP-Method-Override",
            "x_http_method_override",
            "X-HTTP-Method",
            "X-Method-Override",
            "X-Method",
            "X-Original-URL",
            "X_Original_URL",
            "X-Original-URI",
            "X-Original-Host",
            "X-Rewrite-URL",
            "X-Override-URL",
            "X-Envoy-Original-Path",
            "X-Envoy-Original-Method",
            "X-Host",
            "X-Waws-Unencoded-Url",
        ] {
            assert_eq!(reason(name, "DELETE"), REWRITES, "{name}");
            assert_eq!(allowable(name), Err(REWRITES), "{name}");
        }
    }

    #[test]
    fn nothing_can_be_smuggled_in_a_name_or_value() {
        for name in ["", "a b", "a:b", "a\r\nHost", "é", "a\0"] {
            assert_eq!(reason(name, "x"), "this is not the name of a header", "{name:?}");
        }
        for value in ["a\r\nHost: evil", "a\nb", "a\0", "é", "\u{7f}"] {
            let wanted = "its value contains a character that is not allowed in headers";
            assert_eq!(reason("accept", value), wanted, "{value:?}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_passes_only_where_the_origin_lets_it() {
        let (name, value) = allowed("If-Match", "\"etag\"", None, &[]).unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("if-match", "\"etag\""));
        let listed = allowable("X-SLURM-USER-NAME").unwrap();
        assert!(allowed("x-slurm-user-name", "ann", None, std::slice::from_ref(&listed)).is_ok());
        for name in ["x-slurm-user-name", "If_Match", "x-anything"] {
            match allowed(name, "ann", None, &[]) {
                Err(HttpError::UnlistedHeader { .. }) => {}
                other => panic!("{name}: {other:?}"),
            }
        }
        // Another spelling is another header.
        assert!(allowed("x_slurm_user_name", "ann", None, &[listed]).is_err());
    }

    #[test]
    fn every_header_that_always_passes_could_be_allowed() {
        for name in PASSING {
            assert!(allowable(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_query_cannot_name_another_method() {
        for parameter in ["_method", "_Method", "_method_override", "X-HTTP-Method-Override"] {
            assert!(names_the_method(parameter), "{parameter}");
        }
        for parameter in ["method", "payment_method", "methods", "http-method", "account"] {
            assert!(!names_the_method(parameter), "{parameter}");
        }
    }

    #[test]
    fn credentials_of_an_answer_are_hidden() {
        let mut headers = HeaderMap::new();
        for name in [
            "set-cookie",
            "set_cookie",
            "www-authenticate",
            "renku-auth-anon-id",
            "etag",
            "private-token",
            "private_token",
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static("x"));
        }
        let left = visible(headers, Some(&own()));
        assert_eq!(left.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["etag"]);
    }
}
