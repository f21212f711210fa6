//! bollard over connections of our own: every answer is bounded, and the engine may be
//! behind TLS or a program's pipes.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tower_service::Service;

use super::bounded::{Bounded, Bounds};
use super::ssh::SshEngine;
use super::tls::Tls;

/// Bytes of an answer that bollard keeps until it is whole: twenty thousand sessions.
const ANSWER_BYTES: usize = 48 << 20;
/// The same of what a program in a container prints when it is asked whether a session
/// answers: one number.
const EXEC_BYTES: usize = 1 << 20;

/// How connections are made.
#[derive(Clone)]
pub(super) enum Dialer {
    Unix(PathBuf),
    Tcp(String),
    Tls(Tls),
    Ssh(SshEngine),
}

impl Dialer {
    pub(super) async fn dial(self) -> io::Result<Stream> {
        Ok(match self {
            Self::Unix(path) => Stream::new(UnixStream::connect(path).await?),
            Self::Tcp(host) => Stream::new(TcpStream::connect(host).await?),
            Self::Tls(tls) => Stream::new(tls.dial().await?),
            Self::Ssh(host) => Stream::new(host.dial()?),
        })
    }
}

/// The engine behind `dialer`. Connections are kept for the next request:
/// making one takes a round trip or, with ssh, a whole login.
pub(super) fn client(dialer: Dialer, silence: Duration) -> Result<Docker, bollard::errors::Error> {
    // Connections with the same bounds are kept together.
    let client = |bytes: Option<usize>, silence: Option<Duration>| {
        let dialing = Dialing { dialer: dialer.clone(), bounds: Bounds { bytes, silence } };
        Client::builder(TokioExecutor::new()).build(dialing)
    };
    let whole = client(Some(ANSWER_BYTES), Some(silence));
    let patient = client(Some(ANSWER_BYTES), None);
    let transfer = client(None, Some(silence));
    let exec = client(Some(EXEC_BYTES), Some(silence));
    Docker::connect_with_custom_transport(
        move |request: BollardRequest| {
            let client = match request.uri().path().rsplit('/').next() {
                // The engine answers when a program has ended; the caller sets the limit.
                Some("wait" | "stop") => &patient,
                Some("archive") => &transfer,
                Some("start") if request.uri().path().starts_with("/exec/") => &exec,
                _ => &whole,
            };
            let client = client.clone();
            async move { Ok(client.request(request).await?) }
        },
        // The name in the requests; where they go is up to the dialer.
        Some("http://engine"),
        silence.as_secs(),
        API_DEFAULT_VERSION,
    )
}

#[derive(Clone)]
struct Dialing {
    dialer: Dialer,
    bounds: Bounds,
}

impl Service<Uri> for Dialing {
    type Response = TokioIo<Bounded<Stream>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<Bounded<Stream>>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let Self { dialer, bounds } = self.clone();
        Box::pin(async move { Ok(TokioIo::new(Bounded::new(dialer.dial().await?, bounds))) })
    }
}

trait Io: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Io for T {}

/// A connection, whatever carries it.
pub(crate) struct Stream(Pin<Box<dyn Io>>);

impl Stream {
    /// `io` as one.
    pub(crate) fn new(io: impl AsyncRead + AsyncWrite + Send + 'static) -> Self {
        Self(Box::pin(io))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_mut().poll_shutdown(context)
    }
}
