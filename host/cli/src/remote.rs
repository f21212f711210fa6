//! Sessions on an engine of another machine: opened through a tunnel, until
//! Ctrl-C.

use super::app::App;
use super::error::Failure;
use crate::capabilities::containers::{EnginePlace, SshHost, Tunnel};
use crate::output::browser;
use crate::providers::Package;
use crate::sandbox::{Capability, Request};

/// Where the engine of a provider is; here for one without an engine.
pub(super) async fn place(app: &App, package: &Package) -> Result<EnginePlace, Failure> {
    if !package.facts.capabilities().contains(&Capability::Containers) {
        return Ok(EnginePlace::Here);
    }
    match app.invocation(package, Request::default()).containers {
        Some(containers) => Ok(containers.place().await?),
        None => Ok(EnginePlace::Here),
    }
}

/// What a user does to reach `url`, which is an address of the engine's own
/// machine; none when that is this one.
pub(super) fn advice(place: &EnginePlace, url: &str, open: &str) -> Option<String> {
    match place {
        EnginePlace::Here => None,
        EnginePlace::Ssh(host) => Some(format!(
            "The engine is on `{}`: the address works there, and here while `{open}` runs",
            host.destination()
        )),
        EnginePlace::Tcp(host) => {
            let port = port_of(url)?;
            Some(format!(
                "The engine is on `{host}`: the address works there, and here while \
                 `ssh -N -L {port}:127.0.0.1:{port} {host}` runs"
            ))
        }
    }
}

/// Makes `url` work on this machine until the user interrupts, which is how
/// this ends well.
pub(super) async fn forward(
    app: &App,
    host: &SshHost,
    url: &str,
    with_browser: bool,
) -> Result<(), Failure> {
    let Some(remote) = port_of(url) else { return Ok(()) };
    let mut tunnel = tokio::select! {
        biased;
        () = app.cancel.cancelled() => return Ok(()),
        tunnel = Tunnel::open(host, remote) => tunnel?,
    };
    if tunnel.port != remote {
        let here = url.replacen(&format!(":{remote}"), &format!(":{}", tunnel.port), 1);
        app.printer.message(&format!("Port {remote} is taken here; open {here}"));
        opened(app, &here, with_browser);
    } else {
        opened(app, url, with_browser);
    }
    app.printer.message(&format!(
        "Forwarding port {} of this machine to `{}` until Ctrl-C",
        tunnel.port,
        host.destination()
    ));
    tokio::select! {
        () = app.cancel.cancelled() => app.printer.interrupted(),
        () = tunnel.ended() => {
            app.printer.message(&format!("The connection to `{}` has ended", host.destination()));
        }
    }
    Ok(())
}

fn opened(app: &App, url: &str, with_browser: bool) {
    if with_browser {
        browser::open(&app.printer, url);
    }
}

/// The port of `http://host:port/…`.
fn port_of(url: &str) -> Option<u16> {
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_an_address_is_found() {
        assert_eq!(port_of("http://127.0.0.1:32768/lab?token=a:1"), Some(32768));
        assert_eq!(port_of("http://[::1]:80"), Some(80));
        assert_eq!(port_of("http://localhost/lab"), None);
    }

    #[test]
    fn a_tunnel_is_advised_only_for_engines_elsewhere() {
        let advice = |place| advice(&place, "http://127.0.0.1:7/lab", "renku session open a");
        assert_eq!(advice(EnginePlace::Here), None);
        assert_eq!(
            advice(EnginePlace::Tcp("box".into())).as_deref(),
            Some(
                "The engine is on `box`: the address works there, and here while \
                 `ssh -N -L 7:127.0.0.1:7 box` runs"
            )
        );
    }
}
