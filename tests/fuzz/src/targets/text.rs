//! What makes text of others harmless, and what is read out of their names and addresses.

use std::net::Ipv6Addr;

use renku_session_domain::{
    host_of, is_loopback_host, is_plain_name, sanitize, sanitize_lines, shell_word, shown_name,
};
use url::{Host, Url};

use super::text;

pub(super) fn check(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let clean = sanitize(text);
    assert!(!clean.chars().any(char::is_control), "{clean:?}");
    assert_eq!(sanitize(&clean), clean);
    let lines = sanitize_lines(text);
    assert!(lines.chars().all(|it| matches!(it, '\n' | '\t') || !it.is_control()), "{lines:?}");
    let shown = shown_name(text);
    assert!(shown.chars().all(|it| it.is_ascii_graphic() || it == ' '), "{shown:?}");
    if is_plain_name(text) {
        assert_eq!(shown, text);
        // Quotes it may get; escapes it does not need.
        assert_eq!(shell_word(text).trim_matches('\''), text);
    }
    let host = host_of(text);
    if is_loopback_host(host) {
        // An address of IPv6 counts with and without brackets; in a URL it has them.
        let bare = host.parse::<Ipv6Addr>().is_ok();
        let host = if bare { format!("[{host}]") } else { host.to_owned() };
        let url = Url::parse(&format!("http://{host}/")).expect("it is a host");
        let place = url.host().expect("a host");
        let is_here = match &place {
            Host::Domain(name) => name.trim_end_matches('.').ends_with("localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.to_canonical().is_loopback(),
        };
        assert!(is_here, "{host} is {place}");
    }
}
