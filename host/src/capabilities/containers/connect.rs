//! Finds the engine: `DOCKER_HOST`, else the Docker context, else the places
//! where engines put their sockets.
//!
//! No version is negotiated: bollard's requests carry no version in their path,
//! which every engine from 20.10 to today answers with its newest version.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, Docker};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use super::docker_config::{DockerConfig, context_address};
use super::errors::Attempt;
use super::settings::EngineSettings;
use super::{ContainersError, engine_errors};

/// How long an address may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an ordinary request may take, in seconds; long ones set their own.
const REQUEST_SECONDS: u64 = 120;

/// What is to be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Plan {
    /// This address or none: the setting that names it is a decision.
    Only { address: String, setting: String },
    /// The first one that answers.
    FirstOf(Vec<String>),
}

/// Connects to the engine of these settings.
///
/// # Errors
///
/// [`ContainersError::EngineUnreachable`], `SocketPermission`,
/// `AddressUnsupported`, `ContextMissing`.
pub(super) async fn connect(settings: &EngineSettings) -> Result<Docker, ContainersError> {
    find(settings, &mut Vec::new()).await.map(|found| found.docker)
}

/// An engine that listens.
pub(super) struct Found {
    pub(super) docker: Docker,
    /// Where, as it was written.
    pub(super) address: String,
}

/// The same, and which addresses were `tried` in vain before it.
pub(super) async fn find(
    settings: &EngineSettings,
    tried: &mut Vec<Attempt>,
) -> Result<Found, ContainersError> {
    let (addresses, setting) = match plan(settings)? {
        Plan::Only { address, setting } => (vec![address], Some(setting)),
        Plan::FirstOf(addresses) => (addresses, None),
    };
    let mut forbidden = None;
    for address in addresses {
        let from = setting.as_deref().unwrap_or("the Docker context");
        let target = Target::parse(&address, from, settings.docker_tls_verify)?;
        match target.reach().await {
            Ok(()) => return Ok(Found { docker: target.client()?, address }),
            Err(error) => {
                if error.kind() == io::ErrorKind::PermissionDenied && forbidden.is_none() {
                    forbidden = Some(address.clone());
                }
                tried.push(Attempt { address, reason: reason(&error) });
            }
        }
    }
    let tried = tried.clone();
    Err(match forbidden {
        Some(address) => ContainersError::SocketPermission { address, tried },
        None => ContainersError::EngineUnreachable { tried, setting },
    })
}

/// A connection of one's own to the engine, for what bollard does not speak.
pub(super) type Connection = Box<dyn Stream>;

/// Bytes both ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens such a connection to the engine of these settings.
///
/// # Errors
///
/// As [`connect`].
pub(super) async fn open(settings: &EngineSettings) -> Result<Connection, ContainersError> {
    let (addresses, setting) = match plan(settings)? {
        Plan::Only { address, setting } => (vec![address], Some(setting)),
        Plan::FirstOf(addresses) => (addresses, None),
    };
    let mut tried = Vec::new();
    for address in addresses {
        let from = setting.as_deref().unwrap_or("the Docker context");
        match Target::parse(&address, from, settings.docker_tls_verify)?.open().await {
            Ok(connection) => return Ok(connection),
            Err(error) => tried.push(Attempt { address, reason: reason(&error) }),
        }
    }
    Err(ContainersError::EngineUnreachable { tried, setting })
}

/// Connects to the engine of these settings if it is on this machine; none when it
/// is not, or does not listen.
pub(super) async fn connect_locally(settings: &EngineSettings) -> Option<Docker> {
    let addresses = match plan(settings).ok()? {
        Plan::Only { address, .. } => vec![address],
        Plan::FirstOf(addresses) => addresses,
    };
    for address in addresses {
        // Where somebody far away was chosen, what runs here is not meant.
        let target @ Target::Unix(_) = Target::parse(&address, "", false).ok()? else {
            return None;
        };
        if target.reach().await.is_ok() {
            return target.client().ok();
        }
    }
    None
}

/// Which addresses to try, decided from settings alone.
fn plan(settings: &EngineSettings) -> Result<Plan, ContainersError> {
    if let Some(address) = &settings.docker_host {
        let setting = "`DOCKER_HOST`".to_owned();
        return Ok(Plan::Only { address: address.clone(), setting });
    }
    if let Some(context) = settings.docker_context.as_deref().filter(|name| *name != "default") {
        let setting = "`DOCKER_CONTEXT`".to_owned();
        let address = settings
            .config_directory()
            .and_then(|directory| context_address(&directory, context))
            .ok_or_else(|| ContainersError::ContextMissing {
                context: context.to_owned(),
                setting: setting.clone(),
            })?;
        return Ok(Plan::Only { address, setting });
    }
    let mut addresses = Vec::new();
    if settings.docker_context.is_none() {
        addresses.extend(current_context(settings));
    }
    for socket in known_sockets(settings) {
        let address = format!("unix://{}", socket.display());
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(Plan::FirstOf(addresses))
}

fn current_context(settings: &EngineSettings) -> Option<String> {
    let context = DockerConfig::read(settings).current_context?;
    if context.is_empty() || context == "default" {
        return None;
    }
    context_address(&settings.config_directory()?, &context)
}

/// Where Docker Engine, Docker Desktop, Colima, Rancher Desktop, rootless
/// Docker and rootless Podman put their sockets.
fn known_sockets(settings: &EngineSettings) -> Vec<PathBuf> {
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock")];
    if let Some(home) = &settings.home {
        sockets.extend(
            [
                ".docker/run/docker.sock",
                ".docker/desktop/docker.sock",
                ".colima/default/docker.sock",
                ".rd/docker.sock",
            ]
            .map(|place| home.join(place)),
        );
    }
    if let Some(runtime) = &settings.xdg_runtime_dir {
        sockets.extend(["docker.sock", "podman/podman.sock"].map(|place| runtime.join(place)));
    }
    sockets
}

/// An address, understood.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Unix(PathBuf),
    Tcp(String),
}

impl Target {
    fn parse(address: &str, setting: &str, tls: bool) -> Result<Self, ContainersError> {
        let unsupported = |reason: &str| ContainersError::AddressUnsupported {
            address: address.to_owned(),
            setting: setting.to_owned(),
            reason: reason.to_owned(),
        };
        match address.split_once("://") {
            Some(("unix", path)) if Path::new(path).is_absolute() => Ok(Self::Unix(path.into())),
            Some(("unix", _)) => Err(unsupported("the path of the socket must be absolute")),
            Some(("tcp" | "http", _)) if tls => Err(unsupported("TLS is not available yet")),
            Some(("tcp" | "http", host)) => {
                let host = host.trim_end_matches('/');
                // Docker's own default port for plain TCP.
                let has_port = host.rsplit_once(':').is_some_and(|(_, port)| {
                    !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
                });
                Ok(Self::Tcp(if has_port { host.to_owned() } else { format!("{host}:2375") }))
            }
            Some(("ssh", _)) => Err(unsupported("SSH is not available yet")),
            _ => Err(unsupported("it must begin with unix:// or tcp://")),
        }
    }

    /// Whether somebody listens there.
    async fn reach(&self) -> io::Result<()> {
        self.open().await.map(drop)
    }

    async fn open(&self) -> io::Result<Connection> {
        let attempt = async {
            Ok(match self {
                Self::Unix(path) => Box::new(UnixStream::connect(path).await?) as Connection,
                Self::Tcp(host) => Box::new(TcpStream::connect(host).await?),
            })
        };
        tokio::time::timeout(CONNECT, attempt)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    fn client(&self) -> Result<Docker, ContainersError> {
        match self {
            Self::Unix(path) => Docker::connect_with_unix(
                &path.to_string_lossy(),
                REQUEST_SECONDS,
                API_DEFAULT_VERSION,
            ),
            Self::Tcp(host) => {
                Docker::connect_with_http(host, REQUEST_SECONDS, API_DEFAULT_VERSION)
            }
        }
        .map_err(engine_errors::other("connect"))
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "not there".to_owned(),
        io::ErrorKind::ConnectionRefused => "nobody listens".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::TimedOut => format!("no answer within {} s", CONNECT.as_secs()),
        _ => error.to_string(),
    }
}

#[cfg(test)]
#[path = "connect_tests.rs"]
mod tests;
