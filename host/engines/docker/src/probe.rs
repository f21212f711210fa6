//! One HTTP question to a published port.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Probe;
use super::connect::SshHost;
use super::inside::{Blind, Inside};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a port of a session is reached.
pub(super) enum Door {
    /// At this address of this machine, `127.0.0.1:32768`.
    Here(String),
    /// At this port of the loopback of a machine that ssh reaches.
    Ssh(SshHost, u16),
    /// Not from here: with a program of the session's own image.
    Inside(Inside),
}

/// Whether the session is ready: the probes are asked in order, the next one
/// only when the one before answers 404. No probes: any answer will do.
///
/// # Errors
///
/// [`Blind`] when nothing can be asked at all.
pub(super) async fn ready(door: &Door, probes: &[Probe]) -> Result<bool, Blind> {
    let any_answer = [Probe { path: "/".to_owned(), status_below: u16::MAX }];
    let probes = if probes.is_empty() { &any_answer } else { probes };
    for (index, probe) in probes.iter().enumerate() {
        let status = match door {
            Door::Inside(inside) => inside.get(&probe.path).await?,
            _ => get(door, &probe.path).await,
        };
        let Some(status) = status else { return Ok(false) };
        if status == 404 && index + 1 < probes.len() {
            continue;
        }
        return Ok(status < probe.status_below);
    }
    Ok(false)
}

/// The status of `GET path`; none when there is no answer. A port that is
/// published accepts connections before the session listens, so a connection
/// that breaks is an ordinary case.
async fn get(door: &Door, path: &str) -> Option<u16> {
    let question = async {
        match door {
            Door::Here(address) => {
                answer(TcpStream::connect(address).await.ok()?, address, path).await
            }
            Door::Ssh(host, port) => {
                answer(host.dial_port(*port).ok()?, &format!("127.0.0.1:{port}"), path).await
            }
            Door::Inside(_) => None,
        }
    };
    tokio::time::timeout(PATIENCE, question).await.ok().flatten()
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    host: &str,
    path: &str,
) -> Option<u16> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let request = Request::get(path)
        .header("host", host)
        .header("connection", "close")
        .header("user-agent", "renku-session")
        .body(Empty::<Bytes>::new())
        .ok()?;
    // The connection has to be driven while the answer is awaited; when it
    // ends, the answer is there or will never come.
    let driving = async {
        let _ = connection.await;
        std::future::pending().await
    };
    tokio::select! {
        answer = sender.send_request(request) => answer.ok().map(|it| it.status().as_u16()),
        never = driving => never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// A server that answers each path with a status; an empty one hangs up.
    async fn server(answers: &'static [(&'static str, &'static str)]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let address = listener.local_addr().expect("address").to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let length = stream.read(&mut request).await.unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                let status = answers.iter().find(|(known, _)| *known == path).map(|(_, s)| *s);
                if let Some(status) = status {
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            }
        });
        address
    }

    async fn is_ready(address: &str, probes: &[Probe]) -> bool {
        ready(&Door::Here(address.to_owned()), probes).await.expect("asked")
    }

    fn probes(all: &[(&str, u16)]) -> Vec<Probe> {
        all.iter()
            .map(|(path, below)| Probe { path: (*path).to_owned(), status_below: *below })
            .collect()
    }

    #[tokio::test]
    async fn the_next_probe_is_asked_only_after_404() {
        let jupyter = server(&[("/api", "200 OK"), ("/", "500 Oops")]).await;
        assert!(is_ready(&jupyter, &probes(&[("/api", 400), ("/", 500)])).await);
        let rstudio = server(&[("/api", "404 Not Found"), ("/", "302 Found")]).await;
        assert!(is_ready(&rstudio, &probes(&[("/api", 400), ("/", 500)])).await);
        let starting = server(&[("/api", "503 Wait"), ("/", "200 OK")]).await;
        assert!(!is_ready(&starting, &probes(&[("/api", 400), ("/", 500)])).await);
        let lost = server(&[("/api", "404 Not Found"), ("/", "404 Not Found")]).await;
        assert!(is_ready(&lost, &probes(&[("/api", 400), ("/", 500)])).await);
    }

    #[tokio::test]
    async fn a_port_that_hangs_up_or_is_closed_is_not_ready() {
        let silent = server(&[]).await;
        assert!(!is_ready(&silent, &[]).await);
        assert!(!is_ready("127.0.0.1:1", &[]).await);
        let answering = server(&[("/", "500 Oops")]).await;
        assert!(is_ready(&answering, &[]).await, "without probes any answer will do");
    }
}
