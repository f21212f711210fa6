//! Finds the engine, and connects to it.
//!
//! `addresses` says which addresses are tried, `address` understands one, `tls`,
//! `ssh` and `transport` reach those that bollard does not reach by itself.
//!
//! No version is negotiated: bollard's requests carry no version in their path,
//! which every engine from 20.10 to today answers with its newest version.

mod address;
mod addresses;
mod bounded;
mod context;
mod error;
mod host_name;
mod ssh;
mod tls;
mod transport;

use std::io;
use std::time::Duration;

use bollard::Docker;
use tokio::net::{TcpStream, UnixStream};

use crate::contract::{Attempt, ContainersError};
use crate::engine_errors;
use crate::limits::REQUEST;
use crate::settings::EngineSettings;
use addresses::{Addresses, NamedAddress};
use error::ConnectError;
use tls::Tls;
use transport::Dialer;

pub(crate) use address::Address;
pub(crate) use host_name::host_of;
pub(crate) use transport::Stream as Connection;

/// How long an address may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// The same with ssh, which may ask for a password.
const CONNECT_SSH: Duration = Duration::from_secs(60);

/// An engine that answers.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    pub(crate) docker: Docker,
    pub(crate) address: Address,
    /// The same, as it was written.
    pub(crate) shown: String,
    /// Whether Docker's own client uses it without being told.
    pub(crate) is_clients_own: bool,
}

/// Whether the settings name an engine on another machine, which has files of its
/// own.
#[must_use]
pub fn names_a_remote_engine(settings: &EngineSettings) -> bool {
    matches!(addresses::to_try(settings), Ok(addresses::Addresses::Only(candidate))
        if candidate.address().is_ok_and(|address| address.is_remote()))
}

/// Whether there is an engine as far as settings and files say: one that is configured, or
/// a socket at a usual place, also when it refuses.
#[must_use]
pub fn is_set_up(settings: &EngineSettings) -> bool {
    match addresses::to_try(settings) {
        Ok(Addresses::FirstOf(candidates)) => candidates.iter().any(NamedAddress::is_set_up),
        // Somebody decided; what is wrong with that, is told when it is used.
        Ok(Addresses::Only(_)) | Err(_) => true,
    }
}

/// Connects to the engine of these settings.
///
/// # Errors
///
/// [`ConnectError::EngineUnreachable`], `SocketPermission`,
/// `AddressUnsupported`, `ContextMissing`.
pub(crate) async fn connect(settings: &EngineSettings) -> Result<Engine, ContainersError> {
    find(settings, &mut Vec::new()).await
}

/// Connects to the engine of these settings if it is on this machine; none when
/// it is not, or does not listen.
pub(crate) async fn connect_locally(settings: &EngineSettings) -> Option<Engine> {
    let candidates = match addresses::to_try(settings).ok()? {
        Addresses::Only(candidate) => vec![candidate],
        Addresses::FirstOf(candidates) => candidates,
    };
    for candidate in candidates {
        // Where somebody far away was chosen, what runs here is not meant.
        let address @ Address::Unix(_) = candidate.address().ok()? else { return None };
        if let Ok(docker) = reach(&address).await {
            return Some(engine(docker, address, candidate));
        }
    }
    None
}

/// The engine that answers at an address.
fn engine(docker: Docker, address: Address, named: NamedAddress) -> Engine {
    let NamedAddress { address: shown, is_clients_own, .. } = named;
    Engine { docker, address, shown, is_clients_own }
}

/// As [`connect`]; `tried` gets the addresses that were tried in vain.
pub(crate) async fn find(
    settings: &EngineSettings,
    tried: &mut Vec<Attempt>,
) -> Result<Engine, ContainersError> {
    let (candidates, setting) = match addresses::to_try(settings)? {
        Addresses::Only(candidate) => {
            let setting = candidate.setting.clone();
            (vec![candidate], Some(setting))
        }
        Addresses::FirstOf(candidates) => (candidates, None),
    };
    let mut forbidden = None;
    for candidate in candidates {
        let address = candidate.address()?;
        match reach(&address).await {
            Ok(docker) => return Ok(engine(docker, address, candidate)),
            Err(failure) => {
                let NamedAddress { address, .. } = candidate;
                if failure.permission && forbidden.is_none() {
                    forbidden = Some(address.clone());
                }
                tried.push(Attempt { address, reason: failure.reason });
            }
        }
    }
    let tried = tried.clone();
    Err(match forbidden {
        Some(address) => ConnectError::SocketPermission { address, tried },
        None => ConnectError::EngineUnreachable { tried, setting },
    }
    .into())
}

/// Why an address does not work.
struct Unreachable {
    reason: String,
    permission: bool,
}

impl From<io::Error> for Unreachable {
    fn from(error: io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "not there".to_owned(),
            io::ErrorKind::ConnectionRefused => "nobody listens".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::TimedOut => format!("no answer within {} s", CONNECT.as_secs()),
            _ => error.to_string(),
        };
        Self { reason, permission: error.kind() == io::ErrorKind::PermissionDenied }
    }
}

impl From<bollard::errors::Error> for Unreachable {
    fn from(error: bollard::errors::Error) -> Self {
        Self { reason: engine_errors::message(&error), permission: false }
    }
}

/// A client of whoever answers at `address`.
async fn reach(address: &Address) -> Result<Docker, Unreachable> {
    match address {
        Address::Unix(path) => {
            within(CONNECT, UnixStream::connect(path)).await?;
            Ok(transport::client(Dialer::Unix(path.clone()), REQUEST)?)
        }
        Address::Tcp(host) => {
            within(CONNECT, TcpStream::connect(host)).await?;
            Ok(transport::client(Dialer::Tcp(host.clone()), REQUEST)?)
        }
        Address::Tls(host, files) => {
            let dialer = Dialer::Tls(Tls::new(host, files)?);
            within(CONNECT, dialer.clone().dial()).await?;
            asked(dialer, CONNECT).await
        }
        Address::Ssh(host) => asked(Dialer::Ssh(host.clone()), CONNECT_SSH).await,
    }
}

/// Whether an engine answers is only known after a question: with TLS 1.3 the
/// other side refuses our certificate after the handshake, and `ssh` says what
/// is wrong when it ends.
async fn asked(dialer: Dialer, patience: Duration) -> Result<Docker, Unreachable> {
    let docker = transport::client(dialer, REQUEST)?;
    match tokio::time::timeout(patience, docker.ping()).await {
        Ok(answer) => answer.map(|_| docker).map_err(Unreachable::from),
        Err(_) => Err(Unreachable {
            reason: format!("no answer within {} s", patience.as_secs()),
            permission: false,
        }),
    }
}

async fn within<T>(
    patience: Duration,
    attempt: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    tokio::time::timeout(patience, attempt)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

impl Address {
    /// A connection of one's own, for what bollard does not speak.
    ///
    /// # Errors
    ///
    /// [`ContainersError::Engine`].
    pub(crate) async fn open(&self) -> Result<Connection, ContainersError> {
        self.dial().await.map_err(|error| ContainersError::Engine {
            action: "accept another connection",
            message: Unreachable::from(error).reason,
        })
    }

    /// A new connection to the engine, for questions that bollard cannot ask.
    ///
    /// # Errors
    ///
    /// As any connection.
    pub(crate) async fn dial(&self) -> io::Result<Connection> {
        let dialer = match self {
            Self::Unix(path) => Dialer::Unix(path.clone()),
            Self::Tcp(host) => Dialer::Tcp(host.clone()),
            Self::Tls(host, files) => Dialer::Tls(Tls::new(host, files)?),
            Self::Ssh(host) => Dialer::Ssh(host.clone()),
        };
        dialer.dial().await
    }
}

#[cfg(test)]
mod tests;
