//! One HTTP request over a connection of our own, for what bollard does not
//! speak: a session of BuildKit, and fields that its types do not have.

use std::io;

use bollard::errors::Error;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use crate::connect::Connection;

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
    let bytes = answer.into_body().collect().await?.to_bytes();
    let message = serde_json::from_slice::<Answer>(&bytes).map(|answer| answer.message);
    Err(Error::DockerResponseServerError {
        status_code: status.as_u16(),
        message: message.unwrap_or_default(),
    })
}
