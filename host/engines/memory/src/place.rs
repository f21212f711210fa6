//! Where the engine is, as far as anybody can tell: it is played.

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::contract::{EnginePlace, Tunnel};

/// Where the engine is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// On this machine.
    #[default]
    Here,
    /// On another machine with tunnels to its ports.
    Tunnelled(String),
    /// On another machine without.
    Unreachable(String),
}

impl From<Place> for EnginePlace {
    fn from(place: Place) -> Self {
        match place {
            Place::Here => Self::Here,
            Place::Tunnelled(destination) => Self::Tunnelled { destination },
            Place::Unreachable(host) => Self::Unreachable { host },
        }
    }
}

/// The way to a port of the other machine, which is this one.
pub(crate) struct Way(pub(crate) u16);

impl Tunnel for Way {
    fn port(&self) -> u16 {
        self.0
    }

    fn ended(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}
