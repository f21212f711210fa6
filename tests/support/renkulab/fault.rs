//! What can go wrong between a client and RenkuLab, on demand.

use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::wire::{Request, Response};

/// One way in which an answer is not what the service meant.
#[derive(Debug, Clone)]
pub enum Fault {
    /// An error of the service itself, in its own shape.
    Status(u16),
    /// 429 of the gateway, with this many seconds in `Retry-After`.
    TooManyRequests(u64),
    /// A page of the ingress, which knows no JSON.
    Html(u16),
    /// 200 with this text as JSON.
    Body(&'static str),
    /// A redirect to this place.
    Redirect(String),
    /// Nothing for this long, then the answer.
    Stall(Duration),
    /// The body ends in its middle, and the connection with it.
    Truncated,
    /// The body comes byte by byte, with this pause between them.
    SlowBody(Duration),
    /// The connection is reset before anything is answered.
    Reset,
}

/// A fault, for whom, and how often.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) fault: Fault,
    pub(super) times: u32,
}

impl Rule {
    /// The fault, when it strikes now; each strike is counted.
    pub(super) fn strikes(&mut self, request: &Request) -> Option<Fault> {
        let meant = self.times > 0
            && (self.method == "*" || self.method == request.method)
            && request.path.contains(&self.path);
        self.times -= u32::from(meant);
        meant.then(|| self.fault.clone())
    }
}

impl Fault {
    /// Answers instead of the service when it never gets to see the request.
    pub(super) fn instead(&self) -> Option<Response> {
        match self {
            Self::Status(status) => Some(Response::json(
                *status,
                &json!({"error": {
                    "code": 1000 + status,
                    "message": "An error on demand.",
                    "trace_id": "0123456789abcdef",
                }}),
            )),
            Self::TooManyRequests(seconds) => Some(
                Response::json(429, &json!({"message": "rate limit exceeded"}))
                    .with("retry-after", seconds),
            ),
            Self::Html(status) => Some(Response::html(
                *status,
                "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n\
                 <body><center><h1>503 Service Temporarily Unavailable</h1></center>\
                 <hr><center>nginx</center></body>\r\n</html>\r\n",
            )),
            Self::Body(text) => Some(Response {
                status: 200,
                headers: Vec::new(),
                content: Some(("application/json", (*text).to_owned())),
            }),
            Self::Redirect(place) => Some(Response::empty(302).with("location", place)),
            Self::Stall(_) | Self::Truncated | Self::SlowBody(_) | Self::Reset => None,
        }
    }

    /// Writes an answer with this fault in it; whether the connection lives on.
    pub(super) fn write(
        &self,
        response: &Response,
        stream: &mut impl Write,
        socket: &TcpStream,
    ) -> io::Result<bool> {
        match self {
            Self::Reset => {
                // No goodbye: the peer gets RST instead of FIN.
                socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
                return Ok(false);
            }
            Self::Truncated => {
                stream.write_all(&response.head())?;
                stream.write_all(&response.body()[..response.body().len() / 2])?;
                stream.flush()?;
                return Ok(false);
            }
            Self::SlowBody(pause) => {
                stream.write_all(&response.head())?;
                for byte in response.body() {
                    stream.write_all(&[*byte])?;
                    stream.flush()?;
                    std::thread::sleep(*pause);
                }
            }
            Self::Stall(pause) => {
                std::thread::sleep(*pause);
                response.write(stream)?;
            }
            _ => response.write(stream)?,
        }
        Ok(true)
    }
}
