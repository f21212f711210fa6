//! Asks whether a session answers.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::contract::Door;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of it is read: the first line says it all.
const BYTES: u64 = 1024;

/// The status of `GET path`; none when there is no answer.
pub(crate) async fn ask(door: &Door, path: &str) -> Option<u16> {
    let answer = async {
        let address = format!("{}:{}", door.host, door.host_port);
        let mut stream = TcpStream::connect(&address).await.ok()?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.take(BYTES).read_to_end(&mut answer).await.ok()?;
        status(&answer)
    };
    tokio::time::timeout(PATIENCE, answer).await.ok().flatten()
}

/// `HTTP/1.1 200 OK`.
fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("HTTP/1.")?;
    line.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_of_http_has_a_status() {
        assert_eq!(status(b"HTTP/1.1 302 Found\r\nLocation: /lab\r\n"), Some(302));
        assert_eq!(status(b"HTTP/1.0 200\r\n"), Some(200));
        assert_eq!(status(b"SSH-2.0-OpenSSH_9.2\r\n"), None);
        assert_eq!(status(b""), None);
    }
}
