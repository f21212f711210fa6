//! Where a session's engine is. On another machine its addresses are reached through a
//! tunnel.

use std::sync::Arc;

use crate::context::{Context, Means};
use crate::contract::{EnginePlace, HostEngine, Tunnel};
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::providers::ProviderFile;
use crate::sandbox::{Capability, Request};

/// The engine that a session runs on, if any, and its place.
pub struct Location {
    engine: Option<Arc<dyn HostEngine>>,
    place: EnginePlace,
}

/// An address of another machine that works here while this lives.
pub struct Forwarded {
    /// The address on this machine.
    pub url: String,
    pub port: u16,
    /// The port there. Another one when that is taken here.
    pub remote_port: u16,
    /// The other machine.
    pub destination: String,
    tunnel: Box<dyn Tunnel>,
}

/// How a tunnel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The user interrupted, which is how this ends well.
    Interrupted,
    /// The connection to the other machine is gone.
    Lost,
}

impl Location {
    /// Of the engine that sessions of a provider run on.
    pub(crate) async fn of_provider(
        context: &Context,
        provider: &ProviderFile,
    ) -> Result<Self, Failure> {
        if !provider.sections.capabilities().contains(&Capability::Containers) {
            return Self::of_engine(None).await;
        }
        let invocation = context.invocation(provider, Request::default(), &Means::default());
        Self::of_engine(invocation.containers).await
    }

    /// Of this engine; here when there is none.
    pub(crate) async fn of_engine(engine: Option<Arc<dyn HostEngine>>) -> Result<Self, Failure> {
        let place = match &engine {
            Some(engine) => engine.place().await?,
            None => EnginePlace::Here,
        };
        Ok(Self { engine, place })
    }

    /// Warns when the session of this name and address is a Jupyter that lets everybody in.
    pub(crate) async fn warn_of_everybody(&self, context: &Context, name: &str, url: &str) {
        let Some(engine) = &self.engine else { return };
        match engine.open_to(name, url).await {
            Ok(Some(who)) => {
                let name = name.to_owned();
                context.notices().warning(&SessionsError::OpenToAll { name, who });
            }
            Ok(None) => {}
            // The address is right all the same.
            Err(error) => tracing::info!("whether `{name}` wants a token was not seen: {error}"),
        }
    }

    /// Whether there is a tunnel to it.
    #[must_use]
    pub fn is_tunnelled(&self) -> bool {
        self.engine.is_some() && matches!(self.place, EnginePlace::Tunnelled { .. })
    }

    /// What a user does to reach `url`, which is an address of the engine's own machine;
    /// none when that is this one. `open` is the command that opens the session.
    #[must_use]
    pub fn advice(&self, url: &str, open: &str) -> Option<String> {
        advice(&self.place, url, open)
    }

    /// Makes `url` work on this machine; none where it has no port or no tunnel leads
    /// there, or when the command is to end meanwhile.
    ///
    /// # Errors
    ///
    /// When the tunnel cannot be made.
    pub async fn forward(
        &self,
        context: &Context,
        url: &str,
    ) -> Result<Option<Forwarded>, Failure> {
        let (Some(engine), EnginePlace::Tunnelled { destination }) = (&self.engine, &self.place)
        else {
            return Ok(None);
        };
        let Some(remote_port) = port_of(url) else { return Ok(None) };
        let tunnel = tokio::select! {
            biased;
            () = context.cancel().cancelled() => return Ok(None),
            tunnel = engine.tunnel(remote_port) => tunnel?,
        };
        let port = tunnel.port();
        let url = url.replacen(&format!(":{remote_port}"), &format!(":{port}"), 1);
        let destination = destination.clone();
        Ok(Some(Forwarded { url, port, remote_port, destination, tunnel }))
    }
}

impl Forwarded {
    /// Waits until the tunnel ends.
    pub async fn ended(&mut self, context: &Context) -> End {
        tokio::select! {
            () = context.cancel().cancelled() => End::Interrupted,
            () = self.tunnel.ended() => End::Lost,
        }
    }
}

fn advice(place: &EnginePlace, url: &str, open: &str) -> Option<String> {
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
