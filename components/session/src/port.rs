//! Which port of a session answers HTTP, and where it is published.

use renku_session_sdk::{Port, Transport};

pub(crate) const JUPYTER_PORT: u16 = 8888;

/// Configured > the only port that the image exposes > Jupyter's.
pub(crate) fn choose(configured: Option<u16>, exposed: &[u16]) -> u16 {
    match (configured, exposed) {
        (Some(port), _) => port,
        (None, [only]) => *only,
        (None, _) => JUPYTER_PORT,
    }
}

/// Address and port on the engine's host where `port` is published; IPv4 first,
/// because that is what `127.0.0.1` in an address bar reaches.
pub(crate) fn published(ports: &[Port], port: u16) -> Option<(&str, u16)> {
    ports
        .iter()
        .filter(|entry| entry.container == port && entry.protocol == Transport::Tcp)
        .filter_map(|entry| Some((entry.host_ip.as_deref().unwrap_or_default(), entry.host?)))
        .min_by_key(|(address, _)| address.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(host: Option<u16>, host_ip: &str) -> Port {
        let host_ip = Some(host_ip.to_owned());
        Port { container: 8888, host, host_ip, protocol: Transport::Tcp }
    }

    #[test]
    fn the_configured_port_wins_then_the_only_exposed_one() {
        assert_eq!(choose(Some(1), &[2]), 1);
        assert_eq!(choose(None, &[8787]), 8787);
        assert_eq!(choose(None, &[]), 8888);
        assert_eq!(choose(None, &[80, 443]), 8888);
    }

    #[test]
    fn a_published_port_is_found_on_ipv4_first() {
        let ports = [entry(Some(2), "::1"), entry(Some(1), "127.0.0.1")];
        assert_eq!(published(&ports, 8888), Some(("127.0.0.1", 1)));
        assert_eq!(published(&ports, 80), None);
        assert_eq!(published(&[entry(None, "")], 8888), None);
    }
}
