//! Where ports are published: on 127.0.0.1 unless an address was typed.

use std::net::{IpAddr, Ipv4Addr};

use serde::Serialize;

use crate::domain::Transport;

/// An address of the engine's host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HostPort {
    /// On which address.
    pub address: IpAddr,
    /// None: the engine chooses a free one.
    pub port: Option<u16>,
}

/// A further port of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Published {
    pub host: HostPort,
    /// The port of the session.
    pub container: u16,
    pub protocol: Transport,
}

impl HostPort {
    /// On loopback, wherever there is room.
    pub const FREE: Self = Self { address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: None };

    /// `8888`, `0.0.0.0:8888`, `[::1]:8888`. Port 0 is a free one.
    ///
    /// # Errors
    ///
    /// In words, what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.trim().rsplit_once(':') {
            None => Ok(Self { port: port(text.trim())?, ..Self::FREE }),
            Some((address, number)) => Ok(Self { address: ip(address)?, port: port(number)? }),
        }
    }

    /// Whether other computers can reach it.
    pub(super) fn is_wide(&self) -> bool {
        !crate::domain::is_loopback(self.address)
    }
}

impl Published {
    /// `8787`, `9000:8787`, `0.0.0.0:9000:8787`, `8125/udp`.
    ///
    /// # Errors
    ///
    /// In words, what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (text, protocol) = match text.trim().split_once('/') {
            None => (text.trim(), Transport::Tcp),
            Some((text, "tcp")) => (text, Transport::Tcp),
            Some((text, "udp")) => (text, Transport::Udp),
            Some((text, "sctp")) => (text, Transport::Sctp),
            Some((_, other)) => return Err(format!("`{other}` is not `tcp`, `udp` or `sctp`")),
        };
        let (host, container) = match text.rsplit_once(':') {
            None => (HostPort::FREE, text),
            // `127.0.0.1::8787`: a free port of that address.
            Some((host, container)) => match host.strip_suffix(':') {
                Some(address) if !address.is_empty() && !address.ends_with(':') => {
                    (HostPort { address: ip(address)?, port: None }, container)
                }
                _ => (HostPort::parse(host)?, container),
            },
        };
        let container =
            port(container)?.ok_or_else(|| "the port of the session cannot be 0".to_owned())?;
        Ok(Self { host, container, protocol })
    }
}

fn port(text: &str) -> Result<Option<u16>, String> {
    match text.parse::<u16>() {
        Ok(0) => Ok(None),
        Ok(port) => Ok(Some(port)),
        Err(_) => Err(format!("`{text}` is not a port between 1 and 65535")),
    }
}

fn ip(text: &str) -> Result<IpAddr, String> {
    let plain = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    match plain {
        "localhost" => Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        plain => plain.parse().map_err(|_| format!("`{text}` is not an IP address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Result<(String, Option<u16>), String> {
        HostPort::parse(text).map(|it| (it.address.to_string(), it.port))
    }

    #[test]
    fn a_port_is_on_loopback_unless_an_address_is_typed() {
        assert_eq!(host("8888"), Ok(("127.0.0.1".into(), Some(8888))));
        assert_eq!(host("0"), Ok(("127.0.0.1".into(), None)));
        assert_eq!(host("0.0.0.0:8888"), Ok(("0.0.0.0".into(), Some(8888))));
        assert_eq!(host("[::1]:8888"), Ok(("::1".into(), Some(8888))));
        assert_eq!(host("localhost:1"), Ok(("127.0.0.1".into(), Some(1))));
        for text in ["", "x", "65536", "-1", "1.2.3:80", ":80", "8888:8888"] {
            assert!(host(text).is_err(), "{text}");
        }
        assert!(!HostPort::FREE.is_wide());
        assert!(HostPort::parse("[::]:1").unwrap().is_wide());
    }

    #[test]
    fn further_ports_are_written_as_for_docker() {
        let published = |text: &str| {
            Published::parse(text)
                .map(|it| (it.host.address.to_string(), it.host.port, it.container, it.protocol))
        };
        assert_eq!(published("8787"), Ok(("127.0.0.1".into(), None, 8787, Transport::Tcp)));
        assert_eq!(published("9:8/udp"), Ok(("127.0.0.1".into(), Some(9), 8, Transport::Udp)));
        assert_eq!(published("0.0.0.0:9:8"), Ok(("0.0.0.0".into(), Some(9), 8, Transport::Tcp)));
        assert_eq!(published("127.0.0.1::8"), Ok(("127.0.0.1".into(), None, 8, Transport::Tcp)));
        assert_eq!(published("[::1]:9:8"), Ok(("::1".into(), Some(9), 8, Transport::Tcp)));
        for text in ["", "0", "9:0", "a:8", "8/http", ":8", "1:2:3"] {
            assert!(published(text).is_err(), "{text}");
        }
    }
}
