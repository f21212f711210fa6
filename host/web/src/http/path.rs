//! Policy: which path a provider may ask for, and how it is joined to an origin.
//!
//! The path is taken apart as badly as a proxy or server might do it (decoded
//! again and again, with `\` as `/`, with `;` parameters), and must be harmless at
//! every step; then it is sent exactly as it was given.

use std::borrow::Cow;

use url::Url;

use super::error::HttpError;
use super::limits::URL_BYTES;

/// Joins `path` to `base`, whose own path is kept, and appends the parameters.
///
/// # Errors
///
/// `Path` when the path is anything but absolute, normal and encoded (RFC 3986
/// §3.3), `UrlTooLong` when all of it is longer than servers take.
pub(super) fn join(base: &Url, path: &str, query: &[(String, String)]) -> Result<Url, HttpError> {
    check(path)?;
    let refuse = |reason| HttpError::Path { path: path.to_owned(), reason };
    let joined = format!("{}{path}", base.path().trim_end_matches('/'));
    let mut url = base.clone();
    url.set_path(&joined);
    if !query.is_empty() {
        let mut pairs = url.query_pairs_mut();
        pairs.clear();
        for (name, value) in query {
            pairs.append_pair(name, value);
        }
    }
    if url.as_str().len() > URL_BYTES {
        return Err(HttpError::UrlTooLong { bytes: url.as_str().len() });
    }
    // Both are true for everything that `check` lets pass; nothing leaves when
    // the parser of URLs sees it otherwise.
    if url.path() != joined || url.origin() != base.origin() {
        return Err(refuse("it does not stay as it is"));
    }
    Ok(url)
}

/// Whether a path is absolute, normal and percent-encoded.
pub(super) fn check(path: &str) -> Result<(), HttpError> {
    let refuse = |reason| Err(HttpError::Path { path: path.to_owned(), reason });
    if !path.starts_with('/') {
        return refuse("it must begin with `/`");
    }
    if path.contains(['?', '#']) {
        return refuse("query and fragment are no part of it");
    }
    if !path.bytes().all(is_path_byte) {
        return refuse("it holds a character that must be percent-encoded");
    }
    let mut step = Cow::Borrowed(path.as_bytes());
    // Each round is shorter than the one before, so this ends.
    loop {
        if let Some(reason) = harm(&step) {
            return refuse(reason);
        }
        match decoded(&step) {
            None => return refuse("a `%` in it is not followed by two hexadecimal digits"),
            Some(next) if next.len() == step.len() => return Ok(()),
            // A `%` of decoded data needs no digits behind it.
            Some(next) if decoded(&next).is_none() => {
                return harm(&next).map_or(Ok(()), refuse);
            }
            Some(next) => step = Cow::Owned(next),
        }
    }
}

/// `pchar` or `/` (RFC 3986 §3.3).
fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte)
}

/// What is wrong with a path, decoded to some depth.
fn harm(path: &[u8]) -> Option<&'static str> {
    if path.iter().any(|byte| byte.is_ascii_control()) {
        return Some("it holds a control character");
    }
    if path.contains(&b'\\') {
        return Some("it holds a backslash");
    }
    let segments = path.strip_prefix(b"/").unwrap_or(path);
    let last = segments.split(|byte| *byte == b'/').count() - 1;
    for (index, segment) in segments.split(|byte| *byte == b'/').enumerate() {
        if segment.is_empty() && index < last {
            return Some("it has an empty segment");
        }
        // Some servers cut `;parameters` before they look for dots.
        let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        if name == b"." || name == b".." {
            return Some("it has a dot segment");
        }
    }
    None
}

/// The bytes with every `%XX` decoded once; none when one is malformed.
fn decoded(path: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://renkulab.example/gateway").unwrap()
    }

    #[test]
    fn the_path_of_the_origin_is_kept() {
        let url = join(&base(), "/api/data/version", &[]).unwrap();
        assert_eq!(url.as_str(), "https://renkulab.example/gateway/api/data/version");
        let root = Url::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!(join(&root, "/a/", &[]).unwrap().as_str(), "http://127.0.0.1:8080/a/");
    }

    #[test]
    fn parameters_are_encoded() {
        let query = [("image_url".to_owned(), "a/b:1&c=d#e\r\n".to_owned())];
        assert_eq!(
            join(&base(), "/images", &query).unwrap().as_str(),
            "https://renkulab.example/gateway/images?image_url=a%2Fb%3A1%26c%3Dd%23e%0D%0A"
        );
    }

    #[test]
    fn what_is_harmless_stays_exactly_as_it_is() {
        for path in [
            "/",
            "/a",
            "/a/",
            "/a.b/..c/...",
            "/group%2Fname",
            "/a%20b",
            "/100%25",
            "/@user/x:y",
            "/a;b=c",
            "/%C3%A9",
        ] {
            let url = join(&base(), path, &[]).unwrap();
            assert_eq!(url.path(), format!("/gateway{path}"));
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        let reasons = [
            ("", "it must begin with `/`"),
            ("https://evil.example/", "it must begin with `/`"),
            ("@evil.example/", "it must begin with `/`"),
            (".evil.example/", "it must begin with `/`"),
            (":8080/", "it must begin with `/`"),
            ("//evil.example/", "it has an empty segment"),
            ("/a//b", "it has an empty segment"),
            ("/%2Fevil.example", "it has an empty segment"),
            ("/%252F%252Fevil.example", "it has an empty segment"),
            ("/..", "it has a dot segment"),
            ("/a/../b", "it has a dot segment"),
            ("/./a", "it has a dot segment"),
            ("/%2e%2e/a", "it has a dot segment"),
            ("/%2E./a", "it has a dot segment"),
            ("/a%2F..%2Fb", "it has a dot segment"),
            ("/%252e%252e/a", "it has a dot segment"),
            ("/%25252e%25252e/a", "it has a dot segment"),
            ("/..;x=y/a", "it has a dot segment"),
            ("/..%3Bx/a", "it has a dot segment"),
            ("/a%5C..%5Cb", "it holds a backslash"),
            ("/%255c", "it holds a backslash"),
            ("/a\\b", "it holds a character that must be percent-encoded"),
            ("/a b", "it holds a character that must be percent-encoded"),
            ("/a\r\nHost: evil", "it holds a character that must be percent-encoded"),
            ("/a\0", "it holds a character that must be percent-encoded"),
            ("/é", "it holds a character that must be percent-encoded"),
            ("/a%0d%0aHost:%20evil", "it holds a control character"),
            ("/a%00", "it holds a control character"),
            ("/a%250a", "it holds a control character"),
            ("/a?b=c", "query and fragment are no part of it"),
            ("/a#b", "query and fragment are no part of it"),
            ("/a%", "a `%` in it is not followed by two hexadecimal digits"),
            ("/a%g0", "a `%` in it is not followed by two hexadecimal digits"),
        ];
        for (path, wanted) in reasons {
            match join(&base(), path, &[]) {
                Err(HttpError::Path { reason, .. }) => assert_eq!(reason, wanted, "{path:?}"),
                other => panic!("{path:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_url_has_an_end() {
        let query = [("q".to_owned(), "x".repeat(URL_BYTES))];
        assert!(matches!(join(&base(), "/a", &query), Err(HttpError::UrlTooLong { .. })));
    }
}
