//! The sockets of the service: one connection, one request.

use std::sync::Weak;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::message::{Asked, Said};
use crate::domain::{ErrorKind, ProviderError};
use crate::web::http::OriginUrl;

/// Who answers requests.
pub(super) trait Answering: Send + Sync + 'static {
    /// What one request is answered with.
    fn answer(&self, asked: &Asked) -> Said;
}

/// A socket that listens, and its address.
pub(super) struct Listener {
    pub(super) url: OriginUrl,
    socket: TcpListener,
}

/// Listens on a free port of loopback.
pub(super) async fn listen() -> Result<Listener, ProviderError> {
    let socket = TcpListener::bind("127.0.0.1:0").await.map_err(|error| unusable(&error))?;
    let address = socket.local_addr().map_err(|error| unusable(&error))?;
    // Where loopback is down, a socket can be bound and not reached.
    TcpStream::connect(address).await.map_err(|error| unusable(&error))?;
    let url = OriginUrl::parse(&format!("http://{address}")).map_err(|error| unusable(&error))?;
    Ok(Listener { url, socket })
}

impl Listener {
    /// Answers for `service` until nobody holds it any more.
    pub(super) fn serve(self, service: Weak<impl Answering>) {
        tokio::spawn(async move {
            while let Ok((stream, _)) = self.socket.accept().await {
                if service.strong_count() == 0 {
                    return;
                }
                tokio::spawn(connection(stream, service.clone()));
            }
        });
    }
}

async fn connection(mut stream: TcpStream, service: Weak<impl Answering>) {
    let Some(asked) = Asked::read(&mut stream).await else { return };
    let Some(said) = service.upgrade().map(|service| service.answer(&asked)) else { return };
    match said.bytes() {
        Some(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        None if said == Said::Nothing => {
            // Open until the other side goes away.
            let _ = Asked::read(&mut stream).await;
        }
        None => {}
    }
}

/// An error of ours in the words of the contract.
fn unusable(reason: &dyn std::fmt::Display) -> ProviderError {
    ProviderError::new(
        ErrorKind::Unavailable,
        "the loopback interface of this computer cannot be used",
    )
    .with_cause(reason.to_string())
}
