//! The host in an address.

/// The host of `host:port`, without the brackets of IPv6.
pub(crate) fn host_of(address: &str) -> &str {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether it is this very machine.
pub(super) fn is_loopback(address: &str) -> bool {
    let host = host_of(address);
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
