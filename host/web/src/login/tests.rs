//! The device grant and refresh against a server that says what RFC 8628 and RFC
//! 6749 allow. The whole is tested through the program, in `tests/engineless/login.rs`.

use std::time::{Duration, Instant};

use super::device::DeviceLogin;
use super::error::LoginError;
use super::oidc::Service;
use super::store::Store;
use crate::domain::{Diagnostic as _, ErrorKind, Secret};
use crate::http::OriginUrl;
use renku_session_testing::server::{Server, answer};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn refresh(status: &str, body: &str) -> LoginError {
    let server = Server::saying([answer(status, &[], body)]);
    let renkulab = OriginUrl::parse(&server.url).unwrap();
    let service = Service { renkulab: &renkulab };
    let endpoint = format!("{}/token", server.url);
    run(service.refresh(&endpoint, &Secret::new("r"))).err().unwrap()
}

#[test]
fn what_the_service_says_decides_whether_to_log_in_again() {
    let ended = refresh("400 Bad Request", r#"{"error":"invalid_grant"}"#);
    assert!(matches!(ended, LoginError::Ended { .. }), "{ended:?}");
    for (status, body) in [
        ("400 Bad Request", r#"{"error":"unauthorized_client"}"#),
        ("500 Internal Server Error", "<html>"),
        ("200 OK", "{}"),
    ] {
        let error = refresh(status, body);
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
    }
}

/// Discovery, code, then what the token endpoint says.
fn service(
    url_of: impl Fn(&str) -> String + Send + Sync + 'static,
    tokens: &[(&str, &str)],
) -> Server {
    let tokens: Vec<String> =
        tokens.iter().map(|(status, body)| answer(status, &[], body)).collect();
    Server::answering(move |url, seen, count| {
        if seen.line.contains("openid-configuration") {
            let device = url_of(&format!("{url}/device"));
            let endpoints = format!(
                r#"{{"device_authorization_endpoint":"{device}","token_endpoint":"{url}/token"}}"#
            );
            return answer("200 OK", &[], &endpoints);
        }
        if seen.line.contains("/device") {
            // A lifetime that no clock can hold.
            return answer(
                "200 OK",
                &[],
                &format!(
                    r#"{{"device_code":"d","user_code":"U-1","verification_uri":"http://x/","expires_in":{},"interval":1}}"#,
                    u64::MAX
                ),
            );
        }
        tokens[(count - 2).min(tokens.len() - 1)].clone()
    })
}

#[test]
fn slow_down_means_five_seconds_more() {
    let server = service(
        str::to_owned,
        &[
            ("400 Bad Request", r#"{"error":"slow_down"}"#),
            ("200 OK", r#"{"access_token":"a","expires_in":60}"#),
        ],
    );
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let begin = Instant::now();
    run(async {
        let login =
            DeviceLogin::begin(OriginUrl::parse(&server.url).unwrap(), &store).await.unwrap();
        assert_eq!((login.url(), login.user_code()), ("http://x/", "U-1"));
        login.finish(&store).await.unwrap();
    });
    // 1 s, then 1 s and 5 more.
    assert!(begin.elapsed() >= Duration::from_secs(7), "{:?}", begin.elapsed());
    assert_eq!(store.load().unwrap().urls(), [server.url.as_str()]);
}

#[test]
fn a_service_that_is_away_for_a_moment_does_not_end_a_login() {
    let server = service(
        str::to_owned,
        &[
            ("502 Bad Gateway", "<html>"),
            ("400 Bad Request", r#"{"error":"authorization_pending"}"#),
            ("200 OK", r#"{"access_token":"a","expires_in":60}"#),
        ],
    );
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    run(async {
        let login =
            DeviceLogin::begin(OriginUrl::parse(&server.url).unwrap(), &store).await.unwrap();
        login.finish(&store).await.unwrap();
    });
    assert_eq!(store.load().unwrap().urls(), [server.url.as_str()]);
    // What the service itself refuses is final.
    let server = service(
        str::to_owned,
        &[("401 Unauthorized", r#"{"error":"invalid_client"}"#), ("200 OK", "{}")],
    );
    let error = run(async {
        let login =
            DeviceLogin::begin(OriginUrl::parse(&server.url).unwrap(), &store).await.unwrap();
        login.finish(&store).await.unwrap_err()
    });
    assert!(matches!(error, LoginError::Service { .. }), "{error:?}");
    let hint = format!("ask the operators of `{}` to set up logins for command lines", server.url);
    assert_eq!(error.hint().unwrap(), hint);
}

#[test]
fn a_code_is_not_asked_of_a_place_that_is_less_safe() {
    for place in ["http://keycloak.example/device", "file:///etc/passwd", "nonsense"] {
        let server = service(move |_| place.to_owned(), &[("200 OK", "{}")]);
        let renkulab = OriginUrl::parse(&server.url).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let error = run(DeviceLogin::begin(renkulab, &store)).err().unwrap();
        assert!(matches!(error, LoginError::NotRenku { .. }), "{place}: {error:?}");
    }
}
