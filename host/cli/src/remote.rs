//! Sessions on an engine of another machine: opened through a tunnel, until
//! Ctrl-C.

use std::sync::Arc;

use super::app::App;
use super::error::Failure;
use crate::contract::{EnginePlace, HostEngine};
use crate::output::browser;
use crate::providers::ProviderFile;
use crate::sandbox::{Capability, Request};

/// The engine of a provider, when it has one.
pub(super) fn engine_of(app: &App, package: &ProviderFile) -> Option<Arc<dyn HostEngine>> {
    if !package.sections.capabilities().contains(&Capability::Containers) {
        return None;
    }
    app.invocation(package, Request::default()).containers
}

/// Where an engine is; here when there is none.
pub(super) async fn place(engine: Option<&dyn HostEngine>) -> Result<EnginePlace, Failure> {
    match engine {
        Some(engine) => Ok(engine.place().await?),
        None => Ok(EnginePlace::Here),
    }
}

/// An engine to whose machine there is a tunnel.
pub(super) struct Elsewhere<'a> {
    engine: &'a dyn HostEngine,
    /// The machine.
    destination: &'a str,
}

/// The engine at `place`, when there is a tunnel to it.
pub(super) fn tunnelled<'a>(
    engine: Option<&'a dyn HostEngine>,
    place: &'a EnginePlace,
) -> Option<Elsewhere<'a>> {
    match (engine, place) {
        (Some(engine), EnginePlace::Tunnelled { destination }) => {
            Some(Elsewhere { engine, destination })
        }
        _ => None,
    }
}

/// What a user does to reach `url`, which is an address of the engine's own
/// machine; none when that is this one.
pub(super) fn advice(place: &EnginePlace, url: &str, open: &str) -> Option<String> {
    match place {
        EnginePlace::Here => None,
        EnginePlace::Tunnelled { destination } => Some(format!(
            "The engine is on `{destination}`: the address works there, and here while `{open}` runs"
        )),
        EnginePlace::Unreachable { host } => {
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
    elsewhere: Elsewhere<'_>,
    url: &str,
    with_browser: bool,
) -> Result<(), Failure> {
    let Elsewhere { engine, destination } = elsewhere;
    let Some(remote) = port_of(url) else { return Ok(()) };
    let mut tunnel = tokio::select! {
        biased;
        () = app.cancel.cancelled() => return Ok(()),
        tunnel = engine.tunnel(remote) => tunnel?,
    };
    let port = tunnel.port();
    if port != remote {
        let here = url.replacen(&format!(":{remote}"), &format!(":{port}"), 1);
        app.printer.message(&format!("Port {remote} is taken here; open {here}"));
        opened(app, &here, with_browser);
    } else {
        opened(app, url, with_browser);
    }
    app.printer.message(&format!(
        "Forwarding port {port} of this machine to `{destination}` until Ctrl-C"
    ));
    tokio::select! {
        () = app.cancel.cancelled() => app.printer.interrupted(),
        () = tunnel.ended() => {
            app.printer.message(&format!("The connection to `{destination}` has ended"));
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
            advice(EnginePlace::Unreachable { host: "box".into() }).as_deref(),
            Some(
                "The engine is on `box`: the address works there, and here while \
                 `ssh -N -L 7:127.0.0.1:7 box` runs"
            )
        );
    }
}
