//! One HTTP request over a connection of our own, for what bollard does not
//! speak: a session of BuildKit, and fields that its types do not have.

use std::io;
use std::time::Duration;

use bollard::errors::Error;
use bytes::{Bytes, BytesMut};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use crate::connect::Connection;

/// Bytes of an answer that is read as a whole, and how long it may pause.
const ANSWER_BYTES: usize = 16 << 20;
const SILENCE: Duration = Duration::from_secs(60);

/// The host that requests name: where they go is up to the connection.
pub(crate) const HOST: &str = "engine";

/// A body that is sent.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body of nothing.
pub(crate) fn nothing() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A body that is there already.
pub(crate) fn whole(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed_unsync()
}

/// Sends one request and gives the answer, whose status is `expected`.
///
/// # Errors
///
/// As bollard's own requests: the engine's words with their status, or why
/// there are none.
pub(crate) async fn send(
    connection: Connection,
    request: Request<Body>,
    expected: StatusCode,
) -> Result<Response<Incoming>, Error> {
    #[derive(Deserialize)]
    struct Answer {
        message: String,
    }
    let (mut sender, driver) = http1::handshake(TokioIo::new(connection)).await?;
    // Ends with the answer; the task holds nothing else.
    tokio::spawn(driver.with_upgrades());
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    if status == expected {
        return Ok(answer);
    }
    let bytes = document(answer.into_body()).await?;
    let message = serde_json::from_slice::<Answer>(&bytes).map(|answer| answer.message);
    Err(Error::DockerResponseServerError {
        status_code: status.as_u16(),
        message: message.unwrap_or_default(),
    })
}

/// All of an answer that is a document: it has an end, and does not pause for long.
///
/// # Errors
///
/// When it has more than 16 MiB, or the engine falls silent; the error names both.
pub(crate) async fn document(body: Incoming) -> Result<Bytes, Error> {
    bounded(body, ANSWER_BYTES, SILENCE).await
}

async fn bounded<B>(mut body: B, limit: usize, silence: Duration) -> Result<Bytes, Error>
where
    B: hyper::body::Body<Data = Bytes> + Unpin,
    Error: From<B::Error>,
{
    let refuse = |what: String| {
        let bounds = format!("an answer has at most {} MiB", limit >> 20);
        let pause = format!("and pauses for at most {} s", silence.as_secs());
        Error::IOError { err: io::Error::other(format!("the engine {what}: {bounds} {pause}")) }
    };
    let mut bytes = BytesMut::new();
    loop {
        let frame = tokio::time::timeout(silence, body.frame()).await;
        let frame =
            frame.map_err(|_| refuse(format!("sent nothing for {} s", silence.as_secs())))?;
        let Some(frame) = frame else { return Ok(bytes.freeze()) };
        let Ok(data) = frame?.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(refuse("sends without end".to_owned()));
        }
        bytes.extend_from_slice(&data);
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::StreamBody;
    use hyper::body::Frame;

    use super::*;

    async fn read(pieces: usize, then_silence: bool) -> String {
        let ready = futures_util::stream::iter(
            (0..pieces).map(|_| Ok::<_, io::Error>(Frame::data(Bytes::from(vec![b'x'; 1 << 20])))),
        );
        let silent = futures_util::stream::pending();
        let limit = 4 << 20;
        let silence = Duration::from_millis(200);
        let read = match then_silence {
            true => {
                let all = futures_util::StreamExt::chain(ready, silent);
                bounded(StreamBody::new(all), limit, silence).await
            }
            false => bounded(StreamBody::new(ready), limit, silence).await,
        };
        match read {
            Ok(bytes) => bytes.len().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[tokio::test]
    async fn an_answer_of_an_engine_ends_in_bytes_and_in_time() {
        assert_eq!(read(4, false).await, (4 << 20).to_string());
        let endless = read(1 << 30, false).await;
        assert!(endless.contains("sends without end: an answer has at most 4 MiB"), "{endless}");
        let silent = read(1, true).await;
        assert!(silent.contains("sent nothing") && silent.contains("4 MiB"), "{silent}");
    }
}
