//! Where a session listens on this machine.

use std::net::{IpAddr, SocketAddr, TcpListener};

use crate::record::Record;

/// Begins the line of a supervisor that found a port taken.
pub(crate) const PORT_TAKEN: &str = "port taken: ";

/// The port of this machine for each port of a session: that which the user wants, or a
/// free one.
pub(crate) fn chosen(record: &Record) -> Result<Vec<(u16, u16)>, String> {
    let mut held = Vec::new();
    let mut ports = Vec::new();
    for port in &record.ports {
        let wanted = port.host.unwrap_or(0);
        let address = SocketAddr::new(IpAddr::from([127, 0, 0, 1]), wanted);
        let listener = TcpListener::bind(address).map_err(|_| format!("{PORT_TAKEN}{wanted}"))?;
        let chosen = listener.local_addr().map_err(|error| error.to_string())?.port();
        ports.push((port.container, chosen));
        held.push(listener);
    }
    Ok(ports)
}
