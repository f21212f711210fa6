//! Addresses of engines, in the notation of `DOCKER_HOST`.
//!
//! Format: <https://docs.docker.com/reference/cli/docker/#host>.

use std::path::{Path, PathBuf};

use super::error::ConnectError;
use super::host_name::is_loopback;
use super::ssh::SshEngine;
use super::tls::TlsFiles;

/// Docker's own ports for TCP without and with TLS (IANA `docker`, `docker-s`).
const PLAIN_PORT: u16 = 2375;
const TLS_PORT: u16 = 2376;

/// An address, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// A socket of this machine.
    Unix(PathBuf),
    /// `host:port`, unprotected.
    Tcp(String),
    /// `host:port` with TLS.
    Tls(String, TlsFiles),
    /// Through the `ssh` program.
    Ssh(SshEngine),
}

impl Address {
    /// Understands `text`, which `setting` gave. `tls` is what protects TCP,
    /// when something does.
    ///
    /// # Errors
    ///
    /// [`ConnectError::AddressUnsupported`].
    pub(super) fn parse(
        text: &str,
        setting: &str,
        tls: Option<&TlsFiles>,
    ) -> Result<Self, ConnectError> {
        let unsupported = |reason: &str| ConnectError::AddressUnsupported {
            address: text.to_owned(),
            setting: setting.to_owned(),
            reason: reason.to_owned(),
        };
        match text.split_once("://") {
            Some(("unix", path)) if Path::new(path).is_absolute() => Ok(Self::Unix(path.into())),
            Some(("unix", _)) => Err(unsupported("the path of the socket must be absolute")),
            Some(("tcp" | "http", host)) => match tls {
                Some(files) => Ok(Self::Tls(with_port(host, TLS_PORT), files.clone())),
                None => Ok(Self::Tcp(with_port(host, PLAIN_PORT))),
            },
            Some(("https", host)) => {
                Ok(Self::Tls(with_port(host, TLS_PORT), tls.cloned().unwrap_or_default()))
            }
            Some(("ssh", rest)) => SshEngine::parse(rest).map(Self::Ssh).map_err(unsupported),
            _ => Err(unsupported("it must begin with `unix://`, `tcp://` or `ssh://`")),
        }
    }

    /// Whether the engine is on another machine: files of this one cannot be
    /// mounted there, and its ports cannot be reached from here.
    ///
    /// TCP to this very machine is how engines in a virtual machine with file
    /// sharing are reached, so it counts as local.
    pub(crate) fn is_remote(&self) -> bool {
        match self {
            Self::Unix(_) => false,
            Self::Tcp(host) | Self::Tls(host, _) => !is_loopback(host),
            Self::Ssh(_) => true,
        }
    }
}

fn with_port(host: &str, usual: u16) -> String {
    let host = host.trim_end_matches('/');
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()));
    if has_port { host.to_owned() } else { format!("{host}:{usual}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Address, ConnectError> {
        Address::parse(text, "`DOCKER_HOST`", None)
    }

    #[test]
    fn addresses_are_understood_or_refused_with_a_reason() {
        assert_eq!(parse("unix:///a b.sock").expect("unix"), Address::Unix("/a b.sock".into()));
        assert_eq!(parse("tcp://box:99").expect("tcp"), Address::Tcp("box:99".into()));
        assert_eq!(parse("tcp://box/").expect("tcp"), Address::Tcp("box:2375".into()));
        assert_eq!(
            parse("npipe:////./pipe/docker").expect_err("npipe").to_string(),
            "the engine address `npipe:////./pipe/docker` from `DOCKER_HOST` is not supported: \
             it must begin with `unix://`, `tcp://` or `ssh://`"
        );
        assert_eq!(
            parse("unix://docker.sock").expect_err("relative").to_string(),
            "the engine address `unix://docker.sock` from `DOCKER_HOST` is not supported: \
             the path of the socket must be absolute"
        );
        let files = TlsFiles::default();
        assert_eq!(
            Address::parse("tcp://box", "x", Some(&files)).expect("tls"),
            Address::Tls("box:2376".into(), files)
        );
    }

    #[test]
    fn only_this_machine_is_local() {
        for (text, remote) in [
            ("unix:///var/run/docker.sock", false),
            ("tcp://localhost:2375", false),
            ("tcp://127.0.0.1:2375", false),
            ("tcp://[::1]:2375", false),
            ("tcp://192.0.2.7:2375", true),
            ("tcp://127.evil.example", true),
            ("tcp://engine.example.org", true),
            ("ssh://localhost", true),
        ] {
            assert_eq!(parse(text).expect("address").is_remote(), remote, "{text}");
        }
    }
}
