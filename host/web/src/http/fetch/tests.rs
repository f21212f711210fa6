//! Requests of ours to servers that do not behave.

use std::io::Write as _;

use super::*;
use crate::domain::{Diagnostic as _, ErrorKind};
use renku_session_testing::server::{Server, answer};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// For a user who named this computer.
fn here() -> Fetcher {
    Fetcher::new(true, Duration::from_secs(20))
}

fn get(fetcher: &Fetcher, text: &str) -> Result<BoundedResponse, HttpError> {
    run(fetcher.send(&Fetch::get(url(text))))
}

/// An answer without end, which does not say how long it is.
fn endless(megabytes: usize) -> Server {
    let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    let mut said = vec![(Duration::ZERO, head)];
    said.extend((0..megabytes).map(|_| (Duration::ZERO, vec![b'x'; 1 << 20])));
    Server::speaking(vec![said])
}

#[test]
fn an_answer_ends_within_its_bound_and_the_error_names_both_bounds() {
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 9999999999999\r\n\r\n".to_owned();
    for server in [endless(64), Server::saying([announced])] {
        let error = run(async {
            let answer = here().send(&Fetch::get(url(&server.url))).await.unwrap();
            answer.document(1 << 20).await.unwrap_err()
        });
        assert_eq!(error.to_string(), format!("`{}` sends more than 1 MiB", server.url));
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted);
        let bounds = "an answer ends within 1 MiB and pauses for at most 20 s";
        assert_eq!(error.causes(), [bounds]);
    }
}

#[test]
fn the_beginning_of_a_page_is_enough_for_a_message() {
    let server = endless(64);
    let page = run(async {
        let answer = here().send(&Fetch::get(url(&server.url))).await.unwrap();
        answer.beginning(1000).await.unwrap()
    });
    assert_eq!(page.len(), 1000);
}

#[test]
fn whoever_falls_silent_is_given_up_and_the_error_names_both_bounds() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123".to_vec();
    let hour = Duration::from_secs(3600);
    let server = Server::speaking(vec![vec![(Duration::ZERO, head), (hour, Vec::new())]]);
    let fetcher = Fetcher::new(true, Duration::from_secs(1));
    let error = run(async {
        let answer = fetcher.send(&Fetch::get(url(&server.url))).await.unwrap();
        answer.file(1 << 20).await.unwrap_err()
    });
    assert_eq!(error.to_string(), format!("`{}` sent nothing for 1 s", server.url));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.causes(), ["an answer ends within 1 MiB and pauses for at most 1 s"]);
}

#[test]
fn whoever_says_nothing_at_all_is_given_up() {
    let server = Server::speaking(vec![vec![(Duration::from_secs(3600), Vec::new())]]);
    let fetcher = Fetcher::new(true, Duration::from_secs(1));
    let error = get(&fetcher, &server.url).err().unwrap();
    assert_eq!(error.to_string(), format!("`{}` did not answer within 1 s", server.url));
}

#[test]
fn a_redirect_takes_no_credential_to_another_server() {
    let storage = Server::saying([answer("200 OK", &[], "there")]);
    let location = format!("{}/blob?signature=x", storage.url);
    let server = Server::answering(move |_, seen, _| match seen.line.contains("/moved") {
        true => answer("307 Temporary Redirect", &[("location", location.as_str())], ""),
        false => answer("302 Found", &[("location", "/moved")], ""),
    });
    let pass = Secret::new("Bearer s3cret");
    let request = Fetch::get(url(&server.url)).authorized(&pass).unwrap();
    let body = run(async { here().send(&request).await.unwrap().document(100).await.unwrap() });
    assert_eq!(body, b"there");
    let own = server.seen();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|seen| seen.header("authorization") == Some("Bearer s3cret")));
    let elsewhere = storage.seen();
    assert_eq!(elsewhere[0].line, "GET /blob?signature=x HTTP/1.1");
    assert_eq!(elsewhere[0].header("authorization"), None);
}

#[test]
fn a_redirect_leads_nowhere_that_an_origin_could_not_be() {
    for location in [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd20:ce::254]/",
        "https://168.63.129.16/",
        "https://[::ffff:0:169.254.169.254]/",
        "http://192.0.2.1/",
        "http://user:pass@127.0.0.1:1/",
        "ftp://192.0.2.1/",
        "file:///etc/passwd",
    ] {
        let server = Server::saying([answer("302 Found", &[("location", location)], "")]);
        let fetcher = here();
        let error = get(&fetcher, &server.url).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Denied, "{location}: {error}");
        assert_eq!(fetcher.dials.count(), 1, "{location}");
        assert!(!error.to_string().contains("user:"), "{error}");
    }
}

#[test]
fn only_who_named_this_computer_reaches_it() {
    let server = Server::saying([answer("200 OK", &[], "")]);
    let fetcher = Fetcher::new(false, Duration::from_secs(20));
    for text in [server.url.as_str(), "https://localhost/", "https://[::1]/", "https://127.1/"] {
        let error = get(&fetcher, text).err().unwrap();
        assert!(
            error.to_string().ends_with("it is this computer, which you did not name"),
            "{error}"
        );
    }
    assert_eq!(fetcher.dials.count(), 0);
    assert!(server.seen().is_empty());
}

#[test]
fn nothing_is_sent_without_encryption_but_to_this_computer() {
    let fetcher = here();
    let error = get(&fetcher, "http://192.0.2.1/v2/").err().unwrap();
    assert!(error.to_string().contains("is not encrypted"), "{error}");
    assert_eq!(fetcher.dials.count(), 0);
}

#[test]
fn redirects_end_and_only_what_reads_follows_them() {
    let server = Server::saying([answer("302 Found", &[("location", "/a")], "")]);
    let error = get(&here(), &server.url).err().unwrap();
    assert!(matches!(error, HttpError::TooManyRedirects { .. }), "{error:?}");
    assert_eq!(server.seen().len(), 6);
    let answer = run(here().send(&Fetch::post(url(&server.url)))).unwrap();
    assert_eq!(answer.status(), 302);
}

#[test]
fn a_busy_server_is_asked_again_when_it_says_so() {
    let busy = || answer("429 Too Many Requests", &[("retry-after", "0")], "");
    let server = Server::saying([busy(), busy(), answer("200 OK", &[], "x")]);
    assert_eq!(get(&here(), &server.url).unwrap().status(), 200);
    let server = Server::saying([answer("429 Too Many Requests", &[("retry-after", "900")], "")]);
    assert_eq!(get(&here(), &server.url).unwrap().status(), 429);
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_server_that_does_not_encrypt_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let encrypted = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let error = get(&here(), &encrypted).err().unwrap();
    assert_eq!(error.to_string(), format!("`{encrypted}` answers without encryption"));
}
