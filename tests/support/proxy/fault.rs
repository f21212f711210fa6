//! What can befall a request on its way to the engine, or its answer.

use std::time::Duration;

/// A fault. Without [`Fault::after_doing`] the engine never hears of the request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The answer is these bytes, and the end of the connection.
    Answer(Vec<u8>),
    /// The connection ends without an answer.
    Close,
    /// The request is read, and nothing is ever answered.
    Hang,
    /// The answer begins so, and goes on with these bytes for ever.
    Endless {
        /// The head of the response, and the begin of its body.
        head: Vec<u8>,
        /// What follows, again and again.
        piece: Vec<u8>,
    },
    /// The answer begins so, and then nothing comes any more.
    Stall(Vec<u8>),
    /// The engine answers, so much later.
    Delay(Duration),
    /// The engine answers; after so many bytes of its answer the connection ends.
    Cut(usize),
    /// The engine answers; after so many bytes of its answer nothing comes any more.
    Freeze(usize),
    /// Every connection breaks, and nobody listens any more.
    Vanish,
    /// The engine does what it was asked; instead of its answer comes this.
    AfterDoing(Box<Self>),
}

impl Fault {
    /// An error as engines answer it.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let body = r#"{"message":"ordered by a test"}"#;
        let length = body.len();
        Self::Answer(
            format!(
                "HTTP/1.1 {status} Ordered\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
            .into(),
        )
    }

    /// An answer that is no HTTP.
    #[must_use]
    pub fn garbage() -> Self {
        Self::Answer(b"\x16\x03\x01 this is not HTTP\r\n\r\n\0\0".to_vec())
    }

    /// A success whose body is not what was asked for.
    #[must_use]
    pub fn garbled() -> Self {
        Self::Answer(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"a\":[}".to_vec())
    }

    /// A success whose body begins with `begin`, and goes on with `piece` for ever.
    #[must_use]
    pub fn endless(begin: &str, piece: &str) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{begin}");
        Self::Endless { head: head.into(), piece: piece.into() }
    }

    /// A success whose body begins with `begin`; then nothing comes any more.
    #[must_use]
    pub fn stall(begin: &str) -> Self {
        Self::Stall(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{begin}").into())
    }

    /// Whether a program may take it for a success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Answer(bytes) if bytes.starts_with(b"HTTP/1.1 2"))
    }

    /// The same, but only after the engine has done what it was asked.
    #[must_use]
    pub fn after_doing(self) -> Self {
        Self::AfterDoing(Box::new(self))
    }
}
