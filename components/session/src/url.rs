//! The address of a session.

/// `http://<address>:<port><path>` with the token as a parameter of the query.
/// An address that means "all" is written as this machine's own (RFC 3986
/// §3.2.2 for IPv6).
pub(crate) fn session_url(address: &str, port: u16, path: &str, token: Option<&str>) -> String {
    let host = match address {
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        address if address.contains(':') => format!("[{address}]"),
        address => address.to_owned(),
    };
    let (path, fragment) = match path.split_once('#') {
        Some((path, fragment)) => (path, format!("#{fragment}")),
        None => (path, String::new()),
    };
    let query = match token {
        Some(token) if path.contains('?') => format!("&token={token}"),
        Some(token) => format!("?token={token}"),
        None => String::new(),
    };
    format!("http://{host}:{port}{path}{query}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_joins_whatever_the_path_has() {
        for (path, expected) in [
            ("/lab", "http://127.0.0.1:1/lab?token=t"),
            ("/lab?reset", "http://127.0.0.1:1/lab?reset&token=t"),
            ("/lab#top", "http://127.0.0.1:1/lab?token=t#top"),
        ] {
            assert_eq!(session_url("127.0.0.1", 1, path, Some("t")), expected);
        }
        assert_eq!(session_url("127.0.0.1", 1, "/", None), "http://127.0.0.1:1/");
    }

    #[test]
    fn every_address_can_be_opened() {
        for (address, host) in [
            ("0.0.0.0", "127.0.0.1"),
            ("", "127.0.0.1"),
            ("::", "[::1]"),
            ("fd00::2", "[fd00::2]"),
            ("192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(session_url(address, 80, "/", None), format!("http://{host}:80/"));
        }
    }
}
