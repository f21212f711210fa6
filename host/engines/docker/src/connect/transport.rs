//! bollard over a connection of our own kind: TLS, or a program's pipes.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tower_service::Service;

use super::ssh::SshEngine;
use super::tls::Tls;

/// How connections are made.
#[derive(Clone)]
pub(super) enum Dialer {
    Tls(Tls),
    Ssh(SshEngine),
}

impl Dialer {
    pub(super) async fn dial(self) -> io::Result<Stream> {
        Ok(match self {
            Self::Tls(tls) => Stream::new(tls.dial().await?),
            Self::Ssh(host) => Stream::new(host.dial()?),
        })
    }
}

/// The engine behind `dialer`. Connections are kept for the next request:
/// making one takes a round trip or, with ssh, a whole login.
pub(super) fn client(
    dialer: Dialer,
    timeout_seconds: u64,
) -> Result<Docker, bollard::errors::Error> {
    let client = Client::builder(TokioExecutor::new()).build(Dialing(dialer));
    Docker::connect_with_custom_transport(
        move |request: BollardRequest| {
            let client = client.clone();
            async move { Ok(client.request(request).await?) }
        },
        // The name in the requests; where they go is up to the dialer.
        Some("http://engine"),
        timeout_seconds,
        API_DEFAULT_VERSION,
    )
}

#[derive(Clone)]
struct Dialing(Dialer);

impl Service<Uri> for Dialing {
    type Response = TokioIo<Stream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<Stream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let dialer = self.0.clone();
        Box::pin(async move { Ok(TokioIo::new(dialer.dial().await?)) })
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

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
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
