//! HTTP over a connection of our own: bollard speaks neither a session nor the
//! answers of BuildKit.

use std::io;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::super::super::connect::Connection;
use crate::domain::innermost;

/// Why a request failed, on one line.
pub(super) struct Refused(pub(super) String);

/// A body that is sent.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Sends one request and gives the answer, whose status is `expected`.
///
/// # Errors
///
/// The engine's words, or why there are none.
pub(super) async fn send(
    connection: Connection,
    request: Request<Body>,
    expected: StatusCode,
) -> Result<Response<Incoming>, Refused> {
    let refused = |error: hyper::Error| Refused(innermost(&error));
    let (mut sender, driver) = http1::handshake(TokioIo::new(connection)).await.map_err(refused)?;
    // Ends with the answer; the task holds nothing else.
    tokio::spawn(driver.with_upgrades());
    let answer = sender.send_request(request).await.map_err(refused)?;
    if answer.status() == expected {
        return Ok(answer);
    }
    #[derive(Deserialize)]
    struct Answer {
        message: String,
    }
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.map_err(refused)?.to_bytes();
    Err(Refused(match serde_json::from_slice::<Answer>(&bytes) {
        Ok(answer) => answer.message,
        Err(_) => format!("it answered with status {status}"),
    }))
}
