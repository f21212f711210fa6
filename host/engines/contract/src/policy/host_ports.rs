//! Whether ports of this computer are free, for a session on its own network:
//! there the engine publishes nothing, so nobody but the session's program would
//! notice, after the start.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use crate::ContainersError;

/// Checks that nobody listens on `ports`, on whatever address of this computer.
///
/// # Errors
///
/// [`ContainersError::HostPortTaken`].
pub(crate) fn check(ports: &[u16]) -> Result<(), ContainersError> {
    // Another refusal says nothing about others: a port below 1024, for one.
    let is_taken = |port: u16| {
        TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))
            .is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
    };
    match ports.iter().find(|port| is_taken(**port)) {
        Some(port) => Err(ContainersError::HostPortTaken { port: *port }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_taken_by_whoever_listens_on_any_address() {
        for address in ["127.0.0.1:0", "0.0.0.0:0"] {
            let listener = TcpListener::bind(address).expect("bind");
            let port = listener.local_addr().expect("address").port();
            let error = check(&[port]).expect_err("taken").to_string();
            assert_eq!(error, format!("port {port} of this computer is in use"));
            drop(listener);
            assert!(check(&[port]).is_ok());
        }
    }
}
