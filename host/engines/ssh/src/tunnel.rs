//! Ports of other machines: they listen on their own loopback, so something has to
//! carry connections there.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;

use crate::SshHost;
use crate::contract::{ContainersError, ReachError, Tunnel};
use crate::stream::last_line;

/// How long a tunnel may take, with the question for a password in it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks whether it listens.
const PAUSE: Duration = Duration::from_millis(20);

/// A tunnel that ssh holds open.
#[derive(Debug)]
pub struct SshTunnel {
    port: u16,
    ssh: Child,
}

impl SshTunnel {
    /// Makes one to `remote`, from the same port when it is free here.
    ///
    /// # Errors
    ///
    /// [`ReachError::TunnelFailed`].
    pub async fn open(host: &SshHost, remote: u16) -> Result<Self, ContainersError> {
        let failed = |message: String| {
            ContainersError::from(ReachError::TunnelFailed { host: host.destination(), message })
        };
        let port = free_port(remote).await.map_err(|error| failed(error.to_string()))?;
        let mut ssh =
            host.forward(port, remote).spawn().map_err(|error| failed(error.to_string()))?;
        let errors = ssh.stderr.take();
        // Read for as long as it runs, so that it never waits for a reader.
        let message = tokio::spawn(async move {
            match errors {
                Some(errors) => last_line(errors).await,
                None => String::new(),
            }
        });
        let listening = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = listening => Ok(Self { port, ssh }),
            _ = ssh.wait() => Err(failed(message.await.unwrap_or_default())),
            () = tokio::time::sleep(PATIENCE) => {
                Err(failed(format!("it was not ready after {} s", PATIENCE.as_secs())))
            }
        }
    }
}

impl Tunnel for SshTunnel {
    fn port(&self) -> u16 {
        self.port
    }

    fn ended(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let _ = self.ssh.wait().await;
        })
    }
}

async fn free_port(wanted: u16) -> std::io::Result<u16> {
    let listener = match TcpListener::bind(("127.0.0.1", wanted)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await?,
    };
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tunnel_takes_another_port_when_the_same_is_taken() {
        let taken = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = taken.local_addr().expect("address").port();
        assert_ne!(free_port(port).await.expect("another"), port);
        drop(taken);
        assert_eq!(free_port(port).await.expect("the same"), port);
    }
}
