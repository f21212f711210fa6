//! Requests that are sent once more: after a redirect, and when the server is busy.

use super::*;

#[test]
fn no_redirect_leaves_the_origin_and_nothing_is_dialled_for_it() {
    let elsewhere = Server::saying([answer("200 OK", &[], "")]);
    for location in [
        elsewhere.url.as_str(),
        "http://169.254.169.254/",
        "//evil.example/",
        "https://evil.example/",
        "http://127.0.0.1:1/",
        "ftp://x",
        "/elsewhere",
    ] {
        let server = Server::saying([answer("302 Found", &[("location", location)], "")]);
        let used = using(&format!("{}/base", server.url), Credential::Bearer(Secret::new("x")));
        let error = used.send(&get("/a")).unwrap_err();
        assert!(matches!(error, HttpError::Redirect { .. }), "{location}: {error:?}");
        assert_eq!(used.dials.count(), 1, "{location}");
    }
    assert!(elsewhere.seen().is_empty());
}

#[test]
fn redirects_inside_the_origin_are_followed_and_end() {
    let server = Server::saying([
        answer("301 Moved", &[("location", "/b/")], ""),
        answer("200 OK", &[], "there"),
    ]);
    let used = using(&server.url, Credential::Bearer(Secret::new("x")));
    assert_eq!(used.send(&get("/a")).unwrap(), (200, "there".to_owned()));
    assert_eq!(server.seen()[1].line, "GET /b/ HTTP/1.1");
    assert_eq!(server.seen()[1].header("authorization"), Some("Bearer x"));

    let server = Server::saying([answer("302 Found", &[("location", "/a")], "")]);
    let error = using(&server.url, Credential::None).send(&get("/a")).unwrap_err();
    assert!(matches!(error, HttpError::TooManyRedirects { .. }), "{error:?}");
    assert_eq!(server.seen().len(), 6);
}

#[test]
fn an_idempotent_request_is_sent_again_when_the_server_asks_for_it() {
    let busy = || answer("503 Busy", &[("retry-after", "0")], "");
    let server = Server::saying([busy(), busy(), answer("200 OK", &[], "done")]);
    let used = using(&server.url, Credential::None);
    assert_eq!(used.send(&get("/")).unwrap(), (200, "done".to_owned()));
    assert_eq!(server.seen().len(), 3);

    let server = Server::saying([busy()]);
    let used = using(&server.url, Credential::None);
    assert_eq!(used.send(&get("/")).unwrap().0, 503);
    assert_eq!(server.seen().len(), 4);
    assert_eq!(used.send(&Request::new(Method::Post, "/".into())).unwrap().0, 503);
    assert_eq!(server.seen().len(), 5);
}

#[test]
fn waiting_for_a_retry_ends_when_nobody_waits_any_more() {
    let server = Server::saying([answer("503 Busy", &[("retry-after", "15")], "")]);
    let used = using(&server.url, Credential::None);
    let begin = Instant::now();
    run(async {
        let request = get("/");
        let sending = used.connection.send(&request, Access::Usual);
        assert!(tokio::time::timeout(Duration::from_millis(300), sending).await.is_err());
    });
    assert!(begin.elapsed() < Duration::from_secs(10));
    assert_eq!(server.seen().len(), 1);
}

/// Who gives up earlier hears what was answered, not that nothing was.
#[test]
fn what_could_not_be_tried_again_in_time_is_not_waited_for() {
    let server = Server::saying([answer("503 Busy", &[("retry-after", "15")], "")]);
    let Used { connection, .. } = using(&server.url, Credential::None);
    let end = tokio::time::Instant::now() + Duration::from_secs(10);
    let connection = connection.until(Some(end));
    let begin = Instant::now();
    let status = run(async { connection.send(&get("/"), Access::Usual).await.unwrap().status() });
    assert_eq!(status, 503);
    assert!(begin.elapsed() < Duration::from_secs(10));
    assert_eq!(server.seen().len(), 1);
}
