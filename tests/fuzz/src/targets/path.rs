//! Paths and parameters that a provider asks an origin for. None leaves the origin, also not
//! for a server that decodes it again. Input: path, a zero byte, a parameter.

use renku_session_web::http::fuzzing::joined;
use url::Url;

use super::texts;

pub(super) fn check(bytes: &[u8]) {
    let Some([path, parameter]) = texts(bytes) else { return };
    let base = Url::parse("https://service.example/base").expect("a URL");
    let query = [("q".to_owned(), parameter.to_owned())];
    let Some(url) = joined(&base, path, &query) else { return };
    assert_eq!(url.origin(), base.origin());
    assert_eq!(url.path(), format!("/base{path}"));
    assert_eq!(url.query_pairs().next().expect("one").1, parameter);
    assert_eq!(url.query_pairs().count(), 1);
    // As a careless server would read it, however often it decodes.
    let mut seen = url.path().to_owned();
    for _ in 0..4 {
        let resolved = Url::parse("https://service.example").expect("a URL").join(&seen);
        let inside = resolved.is_ok_and(|it| it.path().starts_with("/base/"));
        assert!(inside, "{path:?} leads to {seen:?}");
        seen = decoded(&seen);
    }
}

/// With every `%XX` decoded once.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *byte == b'%') {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
