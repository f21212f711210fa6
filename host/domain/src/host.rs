//! Hosts as people type them: in URLs, in references to images, in addresses of
//! engines. What counts as this computer is decided here and nowhere else.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether `host` names this computer: `localhost`, a name below it, or an address of
/// the loopback interface in any notation. `127.example.org` is a name like any other.
#[must_use]
pub fn is_loopback_host(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse() {
        return is_loopback(address);
    }
    match Host::parse(host) {
        Ok(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => is_loopback(address.into()),
        Err(_) => false,
    }
}

/// Whether an address is of the loopback interface, also where IPv6 stands for IPv4.
#[must_use]
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// The host of `HOST[:PORT]`, with the brackets of an IPv6 address.
#[must_use]
pub fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        // A colon inside brackets belongs to the address.
        Some((host, port))
            if !port.contains(']') && (!host.contains(':') || host.ends_with(']')) =>
        {
            host
        }
        _ => authority,
    }
}

/// Whether the first part of the name of an image is a registry: it has a dot or a port,
/// or is this computer (<https://github.com/distribution/reference>, "domain").
#[must_use]
pub fn is_registry_host(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost"
}

/// Where a URL of the web leads, as a browser reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebPlace {
    /// The host; a name is in ASCII.
    pub host: String,
    /// The port, also where the URL leaves it out.
    pub port: u16,
}

impl WebPlace {
    /// Reads a URL. None for other schemes, and for a URL with a user name: what
    /// stands before an `@` looks like the host and is not.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        if !matches!(url.scheme(), "http" | "https")
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return None;
        }
        Some(Self { host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// Whether it is this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(&self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_computer_is_recognized_in_every_notation() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "127.8.9.1",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
            "::1",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_loopback_host(host), "{host}");
        }
    }

    #[test]
    fn a_name_that_only_looks_like_this_computer_is_another_one() {
        for host in [
            "",
            "127.evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "notlocalhost",
            "localhost@evil.example",
            "0.0.0.0",
            "10.0.0.1",
            "[::]",
            "[fe80::1]",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }

    #[test]
    fn a_port_is_told_from_an_address() {
        for (authority, host) in [
            ("a.example:80", "a.example"),
            ("a.example", "a.example"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
            ("127.0.0.1:", "127.0.0.1"),
        ] {
            assert_eq!(host_of(authority), host, "{authority}");
        }
    }

    #[test]
    fn a_url_leads_where_a_browser_goes() {
        let place = |url: &str| WebPlace::of(url).map(|place| (place.host, place.port));
        let at = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(place("https://a.example/b"), at("a.example", 443));
        assert_eq!(place("http://127.1:8888/lab"), at("127.0.0.1", 8888));
        assert_eq!(place("http://[::1]/"), at("[::1]", 80));
        // A browser takes the backslash for a slash.
        assert_eq!(place("http://evil.example\\.trusted.example/"), at("evil.example", 80));
        for url in [
            "http://trusted@evil.example/",
            "http://trusted:80@evil.example/",
            "http://:x@evil.example/",
            "http://",
            "file:///etc/passwd",
            "/lab",
            "http://127.0.0.1:port/",
        ] {
            assert_eq!(place(url), None, "{url}");
        }
    }
}
