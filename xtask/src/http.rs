//! Asks a web server of this machine one question. Enough to see that a session
//! answers; a library for HTTP would be the largest dependency of this crate.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// For the connection, and for every read of the answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The body; bytes that are not UTF-8 are replaced.
    pub(crate) body: String,
}

/// GETs a `http://` URL by HTTP/1.0 (RFC 1945), where the body ends with the
/// connection. Redirects are not followed.
///
/// # Errors
///
/// When the URL is of another kind, nobody listens there, or what comes back is
/// not HTTP.
pub(crate) fn get(url: &str) -> Result<Response> {
    let (host, path) = split(url)?;
    let address = host
        .to_socket_addrs()
        .with_context(|| format!("`{host}` is not an address with a port"))?
        .next()
        .with_context(|| format!("`{host}` has no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)
        .with_context(|| format!("nobody answers at `{host}`"))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    // In one write: a server that answers the first part of a question and goes
    // away would reset the connection under the rest of it.
    let question = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(question.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| format!("`{host}` broke off its answer"))?;
    parse(&String::from_utf8_lossy(&bytes))
}

/// Host with port, and path with query. The fragment stays with the browser.
fn split(url: &str) -> Result<(&str, &str)> {
    let Some(rest) = url.strip_prefix("http://") else {
        bail!("`{url}` does not begin with `http://`");
    };
    let rest = rest.split('#').next().unwrap_or_default();
    match rest.find('/') {
        Some(slash) => Ok(rest.split_at(slash)),
        None => Ok((rest, "/")),
    }
}

fn parse(text: &str) -> Result<Response> {
    let (head, body) = text.split_once("\r\n\r\n").context("the answer is not HTTP")?;
    let status = head
        .strip_prefix("HTTP/")
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .context("the answer is not HTTP")?;
    Ok(Response { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        assert_eq!(
            split("http://127.0.0.1:80/lab?token=a#b").unwrap(),
            ("127.0.0.1:80", "/lab?token=a")
        );
        assert_eq!(split("http://127.0.0.1:80").unwrap(), ("127.0.0.1:80", "/"));
        assert_eq!(
            split("https://example.org/").unwrap_err().to_string(),
            "`https://example.org/` does not begin with `http://`"
        );
    }

    #[test]
    fn the_answer_has_a_status_and_a_body() {
        let answer = parse("HTTP/1.1 200 OK\r\nA: b\r\n\r\none\r\n\r\ntwo").unwrap();
        assert_eq!(answer, Response { status: 200, body: "one\r\n\r\ntwo".into() });
        assert_eq!(parse("220 mail\r\n\r\n").unwrap_err().to_string(), "the answer is not HTTP");
    }

    #[test]
    fn a_real_server_is_asked_for_the_path_with_its_query() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 1024];
            let length = stream.read(&mut buffer).unwrap();
            stream.write_all(b"HTTP/1.0 403 Forbidden\r\n\r\nno").unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        let answer = get(&format!("http://127.0.0.1:{port}/lab?token=t")).unwrap();
        assert_eq!(answer, Response { status: 403, body: "no".into() });
        assert_eq!(
            server.join().unwrap(),
            format!("GET /lab?token=t HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n")
        );
    }
}
