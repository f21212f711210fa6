//! Policy: which path a provider may ask for, and how it is joined to an origin.
//!
//! The path is taken apart as badly as a proxy or server might do it (decoded
//! again and again, with `\` as `/`, with `;` parameters, with look-alikes turned into
//! ASCII), and must be harmless at every step; then it is sent exactly as it was given.
//! One `%2F` inside a segment is data: services name groups in that way.

use std::borrow::Cow;

use deunicode::deunicode_char;
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
        return Err(refuse("it is not in its normal form"));
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
        return refuse("it must not contain a query or a fragment");
    }
    if !path.bytes().all(is_path_byte) {
        return refuse("it contains a character that must be percent-encoded");
    }
    let mut step = Cow::Borrowed(path.as_bytes());
    // Each round is shorter than the one before, so this ends.
    for depth in 0.. {
        if let Some(reason) = harm(&step) {
            return refuse(reason);
        }
        match decoded(&step, depth) {
            Err(reason) => return refuse(reason),
            Ok(next) if next.len() == step.len() => break,
            Ok(next) => step = Cow::Owned(next),
        }
    }
    Ok(())
}

/// `pchar` or `/` (RFC 3986 §3.3).
fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte)
}

/// What is wrong with a path, decoded to some depth.
fn harm(path: &[u8]) -> Option<&'static str> {
    if path.iter().any(|byte| byte.is_ascii_control()) {
        return Some("it contains a control character");
    }
    if path.contains(&b'\\') {
        return Some("it contains a backslash");
    }
    // Overlong forms such as `%c0%ae`, which old decoders take for a dot.
    let Ok(path) = std::str::from_utf8(path) else {
        return Some("it does not decode to UTF-8");
    };
    if path.chars().any(passes_for_syntax) {
        return Some("it contains a character that looks like a dot or a slash");
    }
    let segments = path.strip_prefix('/').unwrap_or(path);
    let last = segments.split('/').count() - 1;
    for (index, segment) in segments.split('/').enumerate() {
        if segment.is_empty() && index < last {
            return Some("it has an empty segment");
        }
        // Some servers cut `;parameters` before they look for dots, and some cut
        // spaces and dots at the end.
        let name = segment.split(';').next().unwrap_or_default();
        let blank = |character: char| !character.is_ascii_graphic() && !character.is_alphanumeric();
        if name.contains('.') && name.chars().all(|it| it == '.' || blank(it)) {
            return Some("it has a dot segment");
        }
    }
    None
}

/// Whether a character becomes `.`, `/`, `\`, `%` or `;` where text is normalized or
/// squeezed into an older encoding: full-width dots, ellipses, fractions, the yen sign,
/// the question mark of Greek.
fn passes_for_syntax(character: char) -> bool {
    if character.is_ascii() || character.is_alphabetic() {
        return false;
    }
    let plain = deunicode_char(character).unwrap_or_default();
    plain.contains(['.', '/', '\\', '%', ';']) || matches!(character, '¥' | '₩' | '\u{37e}')
}

/// The bytes with every `%XX` decoded once. Decoded data may hold a `%` that begins
/// nothing; lenient decoders leave it as it is.
///
/// # Errors
///
/// When an escape is malformed, or hides what is harmless only in the open.
fn decoded(path: &[u8], depth: usize) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digit = |index: usize| char::from(*after.get(index)?).to_digit(16);
        match digit(0).zip(digit(1)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(b'.') => return Err("a dot in it is percent-encoded"),
            Some(b'/') if depth > 0 => return Err("a slash in it is percent-encoded twice"),
            Some(value) => {
                bytes.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            None if depth == 0 => {
                return Err("a `%` in it is not followed by two hexadecimal digits");
            }
            // `%u002e` is a dot for some servers.
            None if after.first().is_some_and(|next| matches!(next, b'u' | b'U')) => {
                return Err("it holds `%u`");
            }
            None => bytes.push(b'%'),
        }
    }
    Ok(bytes)
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
            "/a.b/..c/c..",
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
            ("/%252F%252Fevil.example", "a slash in it is percent-encoded twice"),
            ("/a%252Fb", "a slash in it is percent-encoded twice"),
            ("/..", "it has a dot segment"),
            ("/a/../b", "it has a dot segment"),
            ("/./a", "it has a dot segment"),
            ("/%2e%2e/a", "a dot in it is percent-encoded"),
            ("/%2E./a", "a dot in it is percent-encoded"),
            ("/a%2F..%2Fb", "it has a dot segment"),
            ("/%252e%252e/a", "a dot in it is percent-encoded"),
            ("/%25252e%25252e/a", "a dot in it is percent-encoded"),
            ("/..;x=y/a", "it has a dot segment"),
            ("/..%3Bx/a", "it has a dot segment"),
            ("/...", "it has a dot segment"),
            ("/..%20/a", "it has a dot segment"),
            ("/%20../a", "it has a dot segment"),
            ("/..%C2%A0/a", "it has a dot segment"),
            ("/.%E2%80%8B./a", "it has a dot segment"),
            ("/%25/%252e%252e/a", "a dot in it is percent-encoded"),
            ("/a%2Eb", "a dot in it is percent-encoded"),
            ("/%25u002e%25u002e/a", "it holds `%u`"),
            ("/%u002e%u002e/a", "a `%` in it is not followed by two hexadecimal digits"),
            ("/%c0%ae%c0%ae/a", "it does not decode to UTF-8"),
            ("/%25c0%25ae%25c0%25ae/a", "it does not decode to UTF-8"),
            ("/%c0%afetc", "it does not decode to UTF-8"),
            ("/%c1%9cetc", "it does not decode to UTF-8"),
            ("/%e0%80%ae%e0%80%ae/a", "it does not decode to UTF-8"),
            ("/%f0%80%80%ae/a", "it does not decode to UTF-8"),
            ("/%ed%a0%80", "it does not decode to UTF-8"),
            ("/a%E9", "it does not decode to UTF-8"),
            ("/a%5C..%5Cb", "it contains a backslash"),
            ("/%255c", "it contains a backslash"),
            ("/a\\b", "it contains a character that must be percent-encoded"),
            ("/a b", "it contains a character that must be percent-encoded"),
            ("/a\r\nHost: evil", "it contains a character that must be percent-encoded"),
            ("/a\0", "it contains a character that must be percent-encoded"),
            ("/é", "it contains a character that must be percent-encoded"),
            ("/a%0d%0aHost:%20evil", "it contains a control character"),
            ("/a%00", "it contains a control character"),
            ("/a%250a", "it contains a control character"),
            ("/a?b=c", "it must not contain a query or a fragment"),
            ("/a#b", "it must not contain a query or a fragment"),
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
    fn look_alikes_of_dots_and_slashes_are_refused_and_letters_pass() {
        let mut passed = Vec::new();
        let encoded =
            |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
        for text in [
            "\u{ff0e}\u{ff0e}", // full-width full stop
            "\u{2024}",         // one dot leader
            "\u{2025}",         // two dot leader
            "\u{2026}",         // ellipsis
            "\u{fe52}",         // small full stop
            "\u{3002}",         // ideographic full stop
            "\u{ff61}",         // half-width ideographic full stop
            "\u{2488}",         // digit one full stop
            "\u{ff0f}",         // full-width solidus
            "\u{2044}",         // fraction slash
            "\u{2215}",         // division slash
            "\u{bd}",           // one half
            "\u{2105}",         // care of
            "\u{ff3c}",         // full-width reverse solidus
            "\u{fe68}",         // small reverse solidus
            "\u{2216}",         // set minus
            "\u{a5}",           // yen sign
            "\u{20a9}",         // won sign
            "\u{ff05}",         // full-width percent
            "\u{fe6a}",         // small percent
            "\u{ff1b}",         // full-width semicolon
            "\u{37e}",          // Greek question mark
        ] {
            let path = format!("/a/{}/b", encoded(text));
            let twice = path.replace('%', "%25");
            passed.extend([path, twice].into_iter().filter(|path| check(path).is_ok()));
        }
        assert_eq!(passed, Vec::<String>::new());
        for text in ["é", "Zürich", "北京", "анализ", "संगीत", "Į", "į", "ĥ", "日本–語", "🦄", "№"]
        {
            let path = format!("/a/{}/b", encoded(text));
            assert!(check(&path).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_url_has_an_end() {
        let query = [("q".to_owned(), "x".repeat(URL_BYTES))];
        assert!(matches!(join(&base(), "/a", &query), Err(HttpError::UrlTooLong { .. })));
    }
}
