//! Where a container engine may listen, and whether one answers there: `GET /_ping`
//! of the Engine API (docs.docker.com/reference/api/engine, "Ping").

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use xtask_common::shell;

/// Long enough for a busy engine, short enough to wait for in vain.
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// An address in the notation of `DOCKER_HOST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `unix:///run/docker.sock`
    Unix(PathBuf),
    /// `tcp://host:port`, without TLS.
    Tcp(String),
    /// Anything else (`ssh://…`, TLS): only the `docker` command can speak it.
    Other(String),
}

impl Endpoint {
    /// Reads the notation of `DOCKER_HOST`; `tls` is whether `DOCKER_TLS_VERIFY` is set.
    fn parse(text: &str, tls: bool) -> Self {
        match text.split_once("://") {
            Some(("unix", path)) => Self::Unix(PathBuf::from(path)),
            Some(("tcp" | "http", address)) if !tls => {
                Self::Tcp(address.trim_end_matches('/').to_owned())
            }
            _ => Self::Other(text.to_owned()),
        }
    }

    /// Whether there is a socket that this user may not open.
    fn is_forbidden(&self) -> bool {
        let Self::Unix(path) = self else { return false };
        UnixStream::connect(path).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
    }

    /// Whether a container engine answers.
    pub(super) fn answers(&self) -> bool {
        match self {
            Self::Unix(path) => UnixStream::connect(path).is_ok_and(|mut stream| {
                stream.set_read_timeout(Some(PING_TIMEOUT)).is_ok() && ping(&mut stream)
            }),
            Self::Tcp(address) => {
                let found = address.to_socket_addrs().ok().and_then(|mut all| all.next());
                let stream =
                    found.and_then(|at| TcpStream::connect_timeout(&at, PING_TIMEOUT).ok());
                stream.is_some_and(|mut stream| {
                    stream.set_read_timeout(Some(PING_TIMEOUT)).is_ok() && ping(&mut stream)
                })
            }
            Self::Other(text) => {
                shell::succeeds(Command::new("docker").arg("version").env("DOCKER_HOST", text))
            }
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// The engine that the user chose with `DOCKER_HOST`.
pub(super) fn chosen() -> Option<Endpoint> {
    let host = std::env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty())?;
    Some(Endpoint::parse(&host, std::env::var_os("DOCKER_TLS_VERIFY").is_some()))
}

/// The first engine that answers.
pub(super) fn reachable() -> Option<Endpoint> {
    candidates().into_iter().find(Endpoint::answers)
}

/// The first engine that there is, but not for this user.
pub(super) fn forbidden() -> Option<Endpoint> {
    candidates().into_iter().find(Endpoint::is_forbidden)
}

/// The addresses that `reachable` asks, for a message.
pub(super) fn tried() -> String {
    candidates().iter().map(|at| format!("`{at}`")).collect::<Vec<_>>().join(", ")
}

/// `DOCKER_HOST` alone if it is set, else the system's socket, that of Docker
/// Desktop and that of a rootless engine.
fn candidates() -> Vec<Endpoint> {
    if let Some(chosen) = chosen() {
        return vec![chosen];
    }
    let below = |variable: &str, path: &str| {
        std::env::var_os(variable).map(|directory| PathBuf::from(directory).join(path))
    };
    let known = [
        Some(PathBuf::from("/var/run/docker.sock")),
        below("HOME", ".docker/run/docker.sock"),
        below("XDG_RUNTIME_DIR", "docker.sock"),
    ];
    known.into_iter().flatten().map(Endpoint::Unix).collect()
}

/// Asks once; HTTP/1.0 so that the engine closes the connection after its answer.
fn ping(stream: &mut (impl Read + Write)) -> bool {
    if stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: localhost\r\n\r\n").is_err() {
        return false;
    }
    let mut answer = Vec::new();
    let read = stream.take(4096).read_to_end(&mut answer);
    read.is_ok() && String::from_utf8_lossy(&answer).split(' ').nth(1) == Some("200")
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    fn server(answer: &'static str) -> (tempfile::TempDir, Endpoint) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("engine.sock");
        let listener = UnixListener::bind(&path).unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 512];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        (directory, Endpoint::Unix(path))
    }

    #[test]
    fn docker_host_is_read_in_its_own_notation() {
        let read = |text| Endpoint::parse(text, false);
        assert_eq!(read("unix:///run/docker.sock"), Endpoint::Unix("/run/docker.sock".into()));
        assert_eq!(read("tcp://127.0.0.1:2375/"), Endpoint::Tcp("127.0.0.1:2375".into()));
        assert_eq!(read("ssh://me@there"), Endpoint::Other("ssh://me@there".into()));
        let with_tls = Endpoint::parse("tcp://there:2376", true);
        assert_eq!(with_tls, Endpoint::Other("tcp://there:2376".into()));
    }

    #[test]
    fn an_engine_is_who_answers_its_ping_with_200() {
        let (_kept, engine) = server("HTTP/1.0 200 OK\r\n\r\nOK");
        assert!(engine.answers());
        let (_kept, broken) = server("HTTP/1.0 500 Internal Server Error\r\n\r\n");
        assert!(!broken.answers());
    }

    #[test]
    fn a_socket_nobody_listens_on_is_no_engine() {
        let directory = tempfile::tempdir().unwrap();
        assert!(!Endpoint::Unix(directory.path().join("none.sock")).answers());
    }
}
