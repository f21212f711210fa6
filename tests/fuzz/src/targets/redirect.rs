//! Redirects of a web service. None leads off the origin.

use renku_session_web::http::fuzzing::redirected;
use url::Url;

use super::text;

pub(super) fn check(bytes: &[u8]) {
    let Some(location) = text(bytes) else { return };
    let base = Url::parse("https://service.example/base").expect("a URL");
    let from = Url::parse("https://service.example/base/a/b").expect("a URL");
    let Some(to) = redirected(&from, location, &base) else { return };
    assert_eq!(to.origin(), base.origin());
    assert!(to.path().starts_with("/base/"), "{to}");
    assert!(to.username().is_empty() && to.password().is_none(), "{to}");
}
