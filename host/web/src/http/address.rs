//! Policy: which addresses a connection may go to.
//!
//! The name of an origin is the user's, but what it resolves to is somebody
//! else's. A private address may be a cluster; a link-local one is never a
//! service that a user configured, and is where clouds keep their secrets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::domain::is_loopback;

/// Metadata services of clouds that are not link-local: Alibaba, Azure, Oracle;
/// Google, Scaleway. Those of AWS have a network of their own.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0042, 0, 0, 0, 0, 0, 0x0042)),
];

/// Where AWS keeps metadata and identities of its machines and pods: `fd00:ec2::/32`.
const METADATA_NETWORK: [u16; 2] = [0xfd00, 0x0ec2];

/// Why no connection is made to `address`; none when one may be. With `loopback` the
/// user typed that it is this computer: then it must be.
pub(super) fn refusal(address: IpAddr, loopback: bool) -> Option<&'static str> {
    let mut forms = vec![address];
    if let IpAddr::V6(address) = address {
        forms.extend(embedded(address).into_iter().map(IpAddr::V4));
    }
    if let Some(reason) = forms.iter().find_map(|form| never(*form)) {
        return Some(reason);
    }
    if loopback {
        return (!is_loopback(address))
            .then_some("its URL names this computer, but it is another one");
    }
    let here = forms.iter().any(|form| is_loopback(*form));
    here.then_some("it is this computer, but its URL names another one")
}

/// Why no connection is ever made to an address.
fn never(address: IpAddr) -> Option<&'static str> {
    let network = matches!(address, IpAddr::V6(v6) if v6.segments().starts_with(&METADATA_NETWORK));
    if network || METADATA.contains(&address) {
        return Some("it is a metadata service of a cloud");
    }
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    if link_local {
        return Some("it is link-local");
    }
    // 0.0.0.0/8 reaches this computer on many systems (RFC 6890 §2.2.2).
    let nowhere = match address {
        IpAddr::V4(address) => address.octets().first() == Some(&0) || address.is_broadcast(),
        IpAddr::V6(address) => address.is_unspecified(),
    };
    (nowhere || address.is_multicast()).then_some("no service has such an address")
}

/// The IPv4 addresses that an IPv6 one may stand for, where a network translates it.
fn embedded(address: Ipv6Addr) -> Vec<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let joined = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(one, two, three, four)
    };
    let last = joined(g, h);
    match (a, b, c, d, e, f) {
        // IPv4-mapped (RFC 4291 §2.5.5.2) and IPv4-translated (RFC 2765 §2.1).
        (0, 0, 0, 0, 0, 0xffff) | (0, 0, 0, 0, 0xffff, 0) => vec![last],
        // IPv4-compatible (RFC 4291 §2.5.5.1); `::` and `::1` are none.
        (0, 0, 0, 0, 0, 0) if g != 0 => vec![last],
        // NAT64 for local use (RFC 8215), split around the octet in the middle
        // (RFC 6052 §2.2), or at the end as most use it.
        (0x0064, 0xff9b, 1, ..) => [last, joined(d, (e << 8) | (f >> 8))]
            .into_iter()
            .filter(|address| !address.is_unspecified())
            .collect(),
        // NAT64 (RFC 6052 §2.1).
        (0x0064, 0xff9b, ..) => vec![last],
        // 6to4 (RFC 3056 §2).
        (0x2002, ..) => vec![joined(b, c)],
        // Teredo: its server, and its client in inverted bits (RFC 4380 §4).
        (0x2001, 0, ..) => vec![joined(c, d), joined(!g, !h)],
        // ISATAP (RFC 5214 §6.1).
        (_, _, _, _, 0x0000 | 0x0200, 0x5efe) => vec![last],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> Option<&'static str> {
        refusal(address.parse().unwrap(), false)
    }

    /// What a network may translate to `a.b.c.d`, in every form that there is.
    fn disguises(address: Ipv4Addr) -> Vec<String> {
        let [a, b, c, d] = address.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        vec![
            address.to_string(),
            format!("::ffff:{address}"),
            format!("::ffff:0:{address}"),
            format!("::{address}"),
            format!("64:ff9b::{address}"),
            format!("64:ff9b:1::{address}"),
            format!("64:ff9b:1:{high:x}:{c:x}:{:x}::", low << 8),
            format!("2002:{high:x}:{low:x}::1"),
            format!("2001:0:{high:x}:{low:x}::1"),
            format!("2001:0:c000:201::{:x}:{:x}", !high, !low),
            format!("2001:db8::5efe:{address}"),
            format!("fe80:1::200:5efe:{address}"),
        ]
    }

    #[test]
    fn public_and_private_addresses_are_fine() {
        for address in
            ["192.0.2.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "2001:db8::1", "fd12::1"]
        {
            assert_eq!(refused(address), None, "{address}");
        }
        for address in disguises(Ipv4Addr::new(192, 0, 2, 1)) {
            if !address.starts_with("fe80") {
                assert_eq!(refused(&address), None, "{address}");
            }
        }
    }

    #[test]
    fn link_local_and_metadata_addresses_never_are_in_any_disguise() {
        for address in ["169.254.169.254", "169.254.0.1"] {
            for address in disguises(address.parse().unwrap()) {
                assert_eq!(refused(&address), Some("it is link-local"), "{address}");
                assert!(refusal(address.parse().unwrap(), true).is_some(), "{address}");
            }
        }
        for address in ["100.100.100.200", "192.0.0.192", "168.63.129.16"] {
            for address in disguises(address.parse().unwrap()) {
                assert!(refused(&address).is_some(), "{address}");
                assert!(refusal(address.parse().unwrap(), true).is_some(), "{address}");
            }
        }
        for address in ["fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42"] {
            assert_eq!(refused(address), Some("it is a metadata service of a cloud"), "{address}");
        }
        assert_eq!(refused("fe80::1"), Some("it is link-local"));
        for address in ["0.0.0.0", "0.1.2.3", "::", "255.255.255.255", "224.0.0.1", "ff02::1"] {
            assert_eq!(refused(address), Some("no service has such an address"), "{address}");
        }
    }

    #[test]
    fn loopback_only_where_it_was_typed_and_then_nothing_else() {
        for address in disguises(Ipv4Addr::LOCALHOST) {
            assert!(refused(&address).is_some(), "{address}");
        }
        for address in ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(refused(address).is_some(), "{address}");
            assert_eq!(refusal(address.parse().unwrap(), true), None, "{address}");
        }
        for address in ["192.0.2.1", "10.0.0.1", "64:ff9b::7f00:1"] {
            assert!(refusal(address.parse().unwrap(), true).is_some(), "{address}");
        }
    }
}
