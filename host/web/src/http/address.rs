//! Policy: which addresses a connection may go to.
//!
//! The name of an origin is the user's, but what it resolves to is somebody
//! else's. A private address may be a cluster; a link-local one is never a
//! service that a user configured, and is where clouds keep their secrets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Metadata services of clouds that are not link-local: AWS, Alibaba, Oracle.
const METADATA: [IpAddr; 3] = [
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
];

/// Why no connection is made to `address`; none when one may be. Loopback is
/// allowed only where the user typed it.
pub(super) fn refusal(address: IpAddr, loopback: bool) -> Option<&'static str> {
    let address = embedded(address);
    if METADATA.contains(&address) {
        return Some("it is a metadata service of a cloud");
    }
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    if link_local {
        return Some("it is link-local");
    }
    if address.is_loopback() && !loopback {
        return Some("it is this computer, and its URL does not say so");
    }
    // 0.0.0.0/8 reaches this computer on many systems (RFC 6890 §2.2.2).
    let nowhere = match address {
        IpAddr::V4(address) => address.octets().first() == Some(&0) || address.is_broadcast(),
        IpAddr::V6(address) => address.is_unspecified(),
    };
    if nowhere || address.is_multicast() {
        return Some("no service has such an address");
    }
    None
}

/// The IPv4 address that an IPv6 one stands for: mapped, compatible, NAT64 (RFC
/// 6052), 6to4 (RFC 3056).
fn embedded(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let joined = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(one, two, three, four))
    };
    match (a, b) {
        (0x0064, 0xff9b) => joined(g, h),
        (0x2002, _) => joined(b, c),
        (0, 0) if (c, d, e, f) == (0, 0, 0, 0) && g != 0 => joined(g, h),
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> Option<&'static str> {
        refusal(address.parse().unwrap(), false)
    }

    #[test]
    fn public_and_private_addresses_are_fine() {
        for address in
            ["192.0.2.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "2001:db8::1", "fd12::1"]
        {
            assert_eq!(refused(address), None, "{address}");
        }
    }

    #[test]
    fn link_local_and_metadata_addresses_never_are_in_any_disguise() {
        for address in [
            "169.254.169.254",
            "169.254.0.1",
            "fe80::1",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
        ] {
            assert_eq!(refused(address), Some("it is link-local"), "{address}");
            assert!(refusal(address.parse().unwrap(), true).is_some());
        }
        for address in ["fd00:ec2::254", "100.100.100.200", "192.0.0.192"] {
            assert_eq!(refused(address), Some("it is a metadata service of a cloud"), "{address}");
        }
        for address in ["0.0.0.0", "0.1.2.3", "::", "255.255.255.255", "224.0.0.1", "ff02::1"] {
            assert_eq!(refused(address), Some("no service has such an address"), "{address}");
        }
    }

    #[test]
    fn loopback_only_where_it_was_typed() {
        for address in ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(refused(address).is_some(), "{address}");
            assert_eq!(refusal(address.parse().unwrap(), true), None, "{address}");
        }
    }
}
