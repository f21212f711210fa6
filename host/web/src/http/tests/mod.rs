//! The capability against servers of the tests' own. How often a socket was
//! opened is counted by the client's own connector.

mod again;
mod bodies;
mod kept;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;

use super::*;
use crate::domain::{Diagnostic as _, ErrorKind, ProviderError, Secret};
use renku_session_testing::server::{Server, answer};

struct Used {
    connection: Connection,
    dials: Dials,
}

fn using(url: &str, credential: Credential) -> Used {
    let dials = Dials::default();
    let origin = Origin::new(OriginUrl::parse(url).unwrap(), credential);
    Used { connection: Connection::new(origin, dials.clone()), dials }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

impl Used {
    fn send(&self, request: &Request) -> Result<(u16, String), HttpError> {
        run(async {
            let response = self.connection.send(request, Access::Usual).await?;
            Ok((response.status(), text(&response).await?))
        })
    }
}

async fn text(response: &Response) -> Result<String, HttpError> {
    let mut bytes = Vec::new();
    while let Some(more) = response.read(1 << 20).await? {
        bytes.extend_from_slice(&more);
    }
    Ok(String::from_utf8(bytes).unwrap())
}

fn get(path: &str) -> Request {
    Request::new(Method::Get, path.to_owned())
}

#[test]
fn the_host_adds_origin_and_credential_and_the_provider_the_rest() {
    let server = Server::saying([answer("200 OK", &[("etag", "e1")], "hello")]);
    let base = format!("{}/gateway/", server.url);
    let used = using(&base, Credential::Bearer(Secret::new("s3cret")));
    let mut request = Request::new(Method::Post, "/api/data/sessions".into());
    request.query("a b".into(), "c&d".into());
    request.header("If-Match".into(), "e0".into());
    request.body("application/json".into(), b"{}".to_vec());
    assert_eq!(used.send(&request).unwrap(), (200, "hello".to_owned()));
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /gateway/api/data/sessions?a+b=c%26d HTTP/1.1");
    assert_eq!(seen[0].header("authorization"), Some("Bearer s3cret"));
    assert_eq!(seen[0].header("if-match"), Some("e0"));
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert_eq!(seen[0].header("host"), server.url.strip_prefix("http://"));
    assert!(seen[0].header("user-agent").unwrap().starts_with("renku-session/"));
    assert_eq!(seen[0].body, b"{}");
    assert_eq!(used.dials.count(), 1);
}

#[test]
fn every_kind_of_credential_goes_where_it_belongs() {
    let password = || Secret::new("pass");
    let header = |name: &'static str| reqwest::header::HeaderName::from_static(name);
    for (credential, name, value) in [
        (Credential::None, "authorization", None),
        (
            Credential::Basic { user: "jane".into(), password: password() },
            "authorization",
            Some("Basic amFuZTpwYXNz"),
        ),
        (
            Credential::Header { name: header("private-token"), value: password() },
            "private-token",
            Some("pass"),
        ),
    ] {
        let server = Server::saying([answer("200 OK", &[], "")]);
        using(&server.url, credential).send(&get("/")).unwrap();
        assert_eq!(server.seen()[0].header(name), value);
    }
}

struct Tokens(AtomicU32);

impl Login for Tokens {
    fn access_token(&self) -> BoxFuture<'_, Result<Secret, ProviderError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(Secret::new("access")) })
    }

    fn refresh_token(&self) -> BoxFuture<'_, Result<Option<Secret>, ProviderError>> {
        Box::pin(async { Ok(Some(Secret::new("refresh"))) })
    }
}

#[test]
fn the_refresh_token_is_sent_only_where_it_is_asked_for() {
    let server = Server::saying([answer("200 OK", &[], "")]);
    let used = using(&server.url, Credential::Login(Arc::new(Tokens(AtomicU32::new(0)))));
    used.send(&get("/")).unwrap();
    run(used.connection.send(&get("/"), Access::WithRefreshToken)).unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].header("authorization"), Some("Bearer access"));
    assert_eq!(seen[0].header("renku-auth-refresh-token"), None);
    assert_eq!(seen[1].header("renku-auth-refresh-token"), Some("refresh"));
}

#[test]
fn an_origin_without_a_login_has_no_refresh_token() {
    let used = using("http://127.0.0.1:1", Credential::Bearer(Secret::new("x")));
    let error = run(used.connection.send(&get("/"), Access::WithRefreshToken)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Denied);
    assert_eq!(used.dials.count(), 0);
}

#[test]
fn what_a_provider_may_not_ask_is_refused_before_a_socket_is_opened() {
    let used = using("http://127.0.0.1:1", Credential::Bearer(Secret::new("s3cret")));
    let mut requests: Vec<Request> = [
        "https://evil.example/",
        "http://169.254.169.254/latest",
        "//evil.example/",
        "@evil.example",
        "/@evil/../x",
        "/../x",
        "/%2e%2e/x",
        "/%252e%252e/x",
        "/..%2fx",
        "/a\\..\\b",
        "/a%5c..%5cb",
        "/a\r\nHost: evil",
        "/a%0d%0aHost:%20evil",
        "/a?b",
        "/a#b",
        "relative",
        "",
    ]
    .map(get)
    .into();
    for (name, value) in [
        ("Host", "evil.example"),
        ("Authorization", "Bearer mine"),
        ("Cookie", "a=b"),
        ("Connection", "close"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "1"),
        ("Proxy-Authorization", "x"),
        ("Renku-Auth-Refresh-Token", "x"),
        ("X-A\r\nHost", "evil"),
        ("X-A", "b\r\nHost: evil.example"),
        ("X-A", "b\nc"),
        ("X-A", "b\0c"),
    ] {
        let mut request = get("/");
        request.header(name.into(), value.into());
        requests.push(request);
    }
    let mut request = get("/");
    request.body("text/plain\r\nHost: evil".into(), Vec::new());
    requests.push(request);
    for request in requests {
        let error = used.send(&request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied, "{request:?}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    assert_eq!(used.dials.count(), 0);
}

#[test]
fn what_is_too_much_is_refused_before_a_socket_is_opened() {
    let used = using("http://127.0.0.1:1", Credential::None);
    let mut large = get("/");
    large.body("text/plain".into(), vec![0; (1 << 20) + 1]);
    let mut many = get("/");
    (0..65).for_each(|count| many.header(format!("x-{count}"), String::new()));
    let mut long = get("/");
    (0..4000).for_each(|_| long.query("name".into(), "value".into()));
    for request in [large, many, long, get(&"/a".repeat(5000))] {
        let error = used.send(&request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted, "{error}");
    }
    assert_eq!(used.dials.count(), 0);
}

#[test]
fn credentials_in_an_answer_are_not_shown() {
    let headers = [("set-cookie", "a=b"), ("www-authenticate", "Bearer"), ("x-request-id", "7")];
    let server = Server::saying([answer("401 Unauthorized", &headers, "")]);
    let used = using(&server.url, Credential::None);
    let response = run(used.connection.send(&get("/"), Access::Usual)).unwrap();
    assert_eq!(response.header("Set-Cookie"), None);
    assert_eq!(response.header("WWW-Authenticate"), None);
    assert_eq!(response.header("X-Request-ID"), Some("7".to_owned()));
}

#[test]
fn a_connection_that_is_cut_before_the_answer_is_named() {
    let server = Server::speaking(vec![Vec::new()]);
    let error = using(&server.url, Credential::None).send(&get("/")).unwrap_err();
    assert!(matches!(error, HttpError::BrokenOff { .. }), "{error:?}");
}

#[test]
fn what_is_no_http_is_named() {
    let server = Server::saying(["SSH-2.0-OpenSSH_9.2\r\n".to_owned()]);
    let error = using(&server.url, Credential::None).send(&get("/")).unwrap_err();
    assert!(matches!(error, HttpError::BrokenOff { .. }), "{error:?}");
}

#[test]
fn a_server_that_says_nothing_to_a_greeting_is_given_up() {
    // The kernel takes the connection, and nobody speaks TLS.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let mut used = using(&url, Credential::None);
    used.connection.connect = Duration::from_secs(1);
    let begin = Instant::now();
    let error = used.send(&get("/")).unwrap_err();
    assert_eq!(error.to_string(), format!("`{url}` did not answer within 1 s"));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[test]
fn nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let used = using(&format!("http://{free}"), Credential::None);
    let error = used.send(&get("/")).unwrap_err();
    assert_eq!(error.to_string(), format!("`http://{free}` cannot be reached"));
    assert!(error.causes().concat().contains("refused"), "{:?}", error.causes());
    assert_eq!(used.dials.count(), 1);
}

#[test]
fn localhost_is_this_computer_because_it_says_so() {
    let server = Server::saying([answer("200 OK", &[], "")]);
    let port = server.url.rsplit(':').next().unwrap();
    using(&format!("http://localhost:{port}"), Credential::None).send(&get("/")).unwrap();
}
