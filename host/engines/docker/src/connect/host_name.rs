//! The host in an address.

use crate::domain;

/// The host of `host:port`, without the brackets of IPv6.
pub(crate) fn host_of(address: &str) -> &str {
    domain::host_of(address).trim_start_matches('[').trim_end_matches(']')
}

/// Whether it is this very machine.
pub(super) fn is_loopback(address: &str) -> bool {
    domain::is_loopback_host(domain::host_of(address))
}
