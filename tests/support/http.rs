//! A small HTTP client for loopback: what a browser would ask.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

/// GET of a URL.
#[must_use]
#[track_caller]
pub fn get(url: &str) -> Response {
    request("GET", url, &[], "")
}

/// POST of JSON to a URL.
#[must_use]
#[track_caller]
pub fn post(url: &str, json: &str) -> Response {
    request("POST", url, &[], json)
}

/// Any request, with whole lines as more headers. HTTP/1.0 (RFC 1945), so that the
/// body ends with the connection.
#[track_caller]
pub(crate) fn request(method: &str, url: &str, headers: &[&str], body: &str) -> Response {
    let rest = url.strip_prefix("http://").expect("loopback is plain http");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    write!(
        stream,
        "{method} /{path} HTTP/1.0\r\nHost: {host}\r\n{more}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Response { status, body: body.to_owned() }
}

/// A port that nobody listens on just now.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
