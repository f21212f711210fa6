//! Whether a session answers HTTP: one question to a port, over a connection that an
//! engine made or to an address of this machine.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The status of `GET path` at an address of this machine, `127.0.0.1:32768`; none
/// when there is no answer. A port that is published accepts connections before the
/// session listens, so a connection that breaks is an ordinary case.
pub async fn answer_at(address: &str, path: &str) -> Option<u16> {
    in_time(async { ask(TcpStream::connect(address).await.ok()?, address, path).await }).await
}

/// The same over a connection to it; `host` is its address at the other end.
pub async fn answer_over(
    connection: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    host: &str,
    path: &str,
) -> Option<u16> {
    in_time(ask(connection, host, path)).await
}

async fn in_time(question: impl Future<Output = Option<u16>>) -> Option<u16> {
    tokio::time::timeout(PATIENCE, question).await.ok().flatten()
}

async fn ask(
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

    #[tokio::test]
    async fn the_status_of_an_answer_is_seen() {
        let address = server(&[("/api", "200 OK"), ("/", "500 Oops")]).await;
        assert_eq!(answer_at(&address, "/api").await, Some(200));
        assert_eq!(answer_at(&address, "/").await, Some(500));
    }

    #[tokio::test]
    async fn a_port_that_hangs_up_or_is_closed_does_not_answer() {
        let silent = server(&[]).await;
        assert_eq!(answer_at(&silent, "/").await, None);
        assert_eq!(answer_at("127.0.0.1:1", "/").await, None);
    }
}
