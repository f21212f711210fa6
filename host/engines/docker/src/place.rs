//! Where the engine is, and how its ports are reached from here.

use crate::connect::{Address, host_of};
use crate::contract::{ContainersError, EnginePlace, ReachError, Tunnel};
use crate::ssh::SshTunnel;

/// Where an engine with this address is.
pub(crate) fn place(address: &Address) -> EnginePlace {
    match address {
        Address::Ssh(host) => EnginePlace::Tunnelled { destination: host.host.destination() },
        Address::Tcp(host) | Address::Tls(host, _) if address.is_remote() => {
            EnginePlace::Unreachable { host: host_of(host).to_owned() }
        }
        Address::Unix(_) | Address::Tcp(_) | Address::Tls(..) => EnginePlace::Here,
    }
}

/// A way from this machine to a port of the engine's.
///
/// # Errors
///
/// [`ReachError::TunnelFailed`].
pub(crate) async fn tunnel(
    address: &Address,
    port: u16,
) -> Result<Box<dyn Tunnel>, ContainersError> {
    let host = match address {
        Address::Ssh(host) => return Ok(Box::new(SshTunnel::open(&host.host, port).await?)),
        Address::Tcp(host) | Address::Tls(host, _) => host_of(host).to_owned(),
        Address::Unix(_) => "localhost".to_owned(),
    };
    let message = "only engines reached through ssh have one".to_owned();
    Err(ReachError::TunnelFailed { host, message }.into())
}
