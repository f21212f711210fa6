//! Policy: which redirects are followed. None leaves the origin.

use reqwest::StatusCode;
use url::Url;

use super::error::HttpError;
use super::path;
use super::request::Method;

/// What a redirect asks for, when it may be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Hop {
    /// The same request there.
    Follow(Url),
    /// It is an answer for the provider: `304`, or a redirect of a request that
    /// would have to become another one.
    Answer,
}

/// Looks at an answer with a `Location` (RFC 9110 §15.4).
///
/// # Errors
///
/// `Redirect` when it leads off the origin, or to a path that no provider may
/// ask for.
pub(super) fn hop(
    method: Method,
    status: StatusCode,
    from: &Url,
    location: Option<&str>,
    base: &Url,
) -> Result<Hop, HttpError> {
    let same_request = match status.as_u16() {
        301..=303 => matches!(method, Method::Get | Method::Head),
        307 | 308 => true,
        _ => return Ok(Hop::Answer),
    };
    let (Some(location), true) = (location, same_request) else { return Ok(Hop::Answer) };
    let refuse = |to: &str| HttpError::Redirect { from: base.to_string(), to: to.to_owned() };
    let to = from.join(location).map_err(|_| refuse(location))?;
    let shown = shown(&to);
    if to.origin() != base.origin() || !to.username().is_empty() || to.password().is_some() {
        return Err(refuse(&shown));
    }
    let root = base.path().trim_end_matches('/');
    let inside = to.path().strip_prefix(root).filter(|rest| rest.starts_with('/'));
    match inside.map(path::check) {
        Some(Ok(())) => Ok(Hop::Follow(to)),
        _ => Err(refuse(&shown)),
    }
}

/// A URL without what may be secret in it.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(method: Method, status: u16, location: &str) -> Result<Hop, String> {
        let base = Url::parse("https://renkulab.example/gateway").unwrap();
        let from = Url::parse("https://renkulab.example/gateway/api/a").unwrap();
        let status = StatusCode::from_u16(status).unwrap();
        hop(method, status, &from, Some(location), &base).map_err(|error| error.to_string())
    }

    #[test]
    fn inside_the_origin_the_same_request_is_sent_again() {
        let to = |url: &str| Ok(Hop::Follow(Url::parse(url).unwrap()));
        assert_eq!(go(Method::Get, 302, "b?c=d"), to("https://renkulab.example/gateway/api/b?c=d"));
        assert_eq!(go(Method::Post, 308, "/gateway/a/"), to("https://renkulab.example/gateway/a/"));
        assert_eq!(
            go(Method::Head, 301, "https://renkulab.example:443/gateway/x"),
            to("https://renkulab.example/gateway/x")
        );
    }

    #[test]
    fn a_request_that_would_become_another_one_is_answered() {
        assert_eq!(go(Method::Post, 302, "/gateway/b"), Ok(Hop::Answer));
        assert_eq!(go(Method::Get, 304, "/gateway/b"), Ok(Hop::Answer));
    }

    #[test]
    fn no_redirect_leaves_the_origin() {
        for location in [
            "https://evil.example/",
            "//evil.example/gateway/",
            "http://renkulab.example/gateway/a",
            "https://renkulab.example:8443/gateway/a",
            "https://renkulab.example@evil.example/gateway/",
            "https://user:password@renkulab.example/gateway/",
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
            "https://[broken",
            "/elsewhere",
            "/gateway/../elsewhere",
            "/gatewayed/a",
            "/gateway/%2e%2e%2felsewhere",
            "/gateway//evil",
            "\\\\evil.example\\a",
        ] {
            for status in [301, 302, 303, 307, 308] {
                let error = go(Method::Get, status, location).unwrap_err();
                assert!(
                    error.starts_with("`https://renkulab.example/gateway` redirects to `"),
                    "{location}: {error}"
                );
            }
        }
    }
}
