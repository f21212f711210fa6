//! Public registries: whether one can be reached, and pulling from it. A machine without one must learn that
//! at once: the name service alone may take half a minute to give up.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Result;
use xtask_common::shell;

use crate::engine;

/// For the name service and the connection together.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// Whether `host` accepts a connection for HTTPS.
pub(super) fn is_reachable(host: &'static str) -> bool {
    accepts((host, 443))
}

/// Pulls an image.
///
/// # Errors
///
/// When the engine cannot; its own messages are on standard error.
pub(super) fn pull(image: &str) -> Result<()> {
    shell::run(engine::docker().args(["pull", image]))
}

fn accepts(address: (&'static str, u16)) -> bool {
    let (sender, receiver) = mpsc::channel();
    // Left alone when it takes too long; it ends with this program.
    std::thread::spawn(move || {
        let found = address.to_socket_addrs().ok();
        let connected = found.is_some_and(|mut all| {
            all.any(|at| TcpStream::connect_timeout(&at, PROBE_TIMEOUT).is_ok())
        });
        // Nobody listens any more after the time is over.
        let _ = sender.send(connected);
    });
    receiver.recv_timeout(PROBE_TIMEOUT).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_reachable_where_somebody_listens() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(accepts(("127.0.0.1", port)));
        // A port that was free a moment ago may be somebody's now; this one is nobody's.
        assert!(!accepts(("127.0.0.1", 1)));
    }

    #[test]
    fn a_name_that_nobody_has_is_not_reachable() {
        // RFC 2606, section 2: never resolves.
        assert!(!is_reachable("registry.invalid"));
    }
}
