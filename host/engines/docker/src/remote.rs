//! Engines on other machines: their ports listen on their own loopback, so
//! something has to carry connections there.

use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;

use super::connect::{Address, SshHost, host_of, last_line};
use super::{Containers, ContainersError, ProjectFiles, ReachError};

/// Where the engine is, seen from this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnginePlace {
    /// On this machine: its files and ports are ours.
    Here,
    /// On a machine that ssh reaches.
    Ssh(SshHost),
    /// On a machine of this name, which only the engine's own port reaches.
    Tcp(String),
}

impl Containers {
    /// Where the engine is. Connects to it.
    ///
    /// # Errors
    ///
    /// When no engine answers.
    pub async fn place(&self) -> Result<EnginePlace, ContainersError> {
        let address = &self.connected().await?.address;
        Ok(match address {
            Address::Ssh(host) => EnginePlace::Ssh(host.clone()),
            Address::Tcp(host) | Address::Tls(host, _) if address.is_remote() => {
                EnginePlace::Tcp(host_of(host).to_owned())
            }
            Address::Unix(_) | Address::Tcp(_) | Address::Tls(..) => EnginePlace::Here,
        })
    }

    /// Whether the engine can give containers the files of the project, the way
    /// that was chosen. Asked before anything is built.
    ///
    /// # Errors
    ///
    /// [`ReachError::ProjectElsewhere`]; when no engine answers.
    pub async fn check_project_files(&self) -> Result<(), ContainersError> {
        let mounted = self
            .0
            .scope
            .project
            .as_ref()
            .is_some_and(|project| matches!(project.files, ProjectFiles::Mounted));
        if !mounted {
            return Ok(());
        }
        let address = match self.place().await? {
            EnginePlace::Here => return Ok(()),
            EnginePlace::Ssh(host) => host.destination(),
            EnginePlace::Tcp(host) => host,
        };
        Err(ReachError::ProjectElsewhere { address }.into())
    }
}

/// How long a tunnel may take, with the question for a password in it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks whether it listens.
const PAUSE: Duration = Duration::from_millis(20);

/// A port of this machine whose connections arrive at the other machine's
/// loopback, as long as this lives.
#[derive(Debug)]
pub struct Tunnel {
    /// The port of this machine.
    pub port: u16,
    ssh: Child,
}

impl Tunnel {
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
                Err(failed(format!("it was not there after {} s", PATIENCE.as_secs())))
            }
        }
    }

    /// Returns when the connection to the other machine has ended.
    pub async fn ended(&mut self) {
        let _ = self.ssh.wait().await;
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
