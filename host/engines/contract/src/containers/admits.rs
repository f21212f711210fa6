//! Whom a session that is ready lets in: it is asked once more, without a token. An image can
//! have switched off that its Jupyter wants one, and nothing else would show it.

use crate::domain::{Port, is_loopback_host};
use crate::driver::{Door, Driver};
use crate::options::Reach;
use crate::{Containers, ContainersError, EnginePlace, Probe};

/// Jupyter answers this to nobody without its token.
const PROTECTED: &str = "/api/contents?content=0";
/// Jupyter does not have this. A server that answers whatever it is asked is none.
const ABSENT: &str = "/api/no-such-address";

/// Whom a session lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admits {
    /// Those with its token, as far as that can be seen.
    Known,
    /// Everybody, and it is a Jupyter.
    EverybodyToJupyter,
    /// Everybody.
    Everybody,
}

impl Containers {
    /// Warns of a session that opens without a token, and refuses one of Jupyter unless
    /// `--without-token` was typed. `status` is the answer that made it ready.
    pub(super) async fn check_admission(
        &self,
        door: &Door,
        probes: &[Probe],
        status: u16,
        place: &EnginePlace,
        address: Exposure,
    ) -> Result<(), ContainersError> {
        let admits = admits(self.0.driver.as_ref(), door, probes, status).await;
        if admits == Admits::Known {
            return Ok(());
        }
        let name = door.container.name.clone();
        let error = ContainersError::Unprotected { name, who: address.who(place) };
        if admits == Admits::EverybodyToJupyter && !self.0.options.without_token {
            return Err(error);
        }
        self.0.reporter.message(&format!("warning: {error}"));
        Ok(())
    }
}

/// From where the port of a session can be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exposure {
    /// From the machine that it is on.
    Loopback,
    /// From its network, too.
    Network,
}

impl Exposure {
    /// Of `port`, which the engine publishes as `ports`. On the network of the engine's host
    /// the session alone decides.
    pub(super) fn of(reach: Reach, ports: &[Port], port: u16) -> Self {
        let mut addresses = ports.iter().filter(|it| it.container == port).map(|it| &it.host_ip);
        let is_local = |ip: &Option<String>| ip.as_deref().is_some_and(is_loopback_host);
        match reach != Reach::Host && addresses.all(is_local) {
            true => Self::Loopback,
            false => Self::Network,
        }
    }

    fn who(self, place: &EnginePlace) -> &'static str {
        match (self, place) {
            (Self::Loopback, EnginePlace::Here) => "every user of this computer",
            (Self::Network, EnginePlace::Here) => "everybody who can connect to this computer",
            (Self::Loopback, _) => "every user of the engine's computer",
            (Self::Network, _) => "everybody who can connect to the engine's computer",
        }
    }
}

async fn admits(driver: &dyn Driver, door: &Door, probes: &[Probe], status: u16) -> Admits {
    let mut wants_a_token = false;
    for folder in folders(probes) {
        let answer = driver.ask(door, &format!("{folder}{PROTECTED}")).await;
        wants_a_token |= matches!(answer, Ok(Some(401 | 403)));
        if answer == Ok(Some(200))
            && driver.ask(door, &format!("{folder}{ABSENT}")).await == Ok(Some(404))
        {
            return Admits::EverybodyToJupyter;
        }
    }
    // Whoever is sent on may be sent to a page that asks who they are.
    let is_open = !wants_a_token && (200..300).contains(&status);
    if is_open { Admits::Everybody } else { Admits::Known }
}

/// Where Jupyter may be: the folders that what was asked lies in, outermost first.
fn folders(probes: &[Probe]) -> Vec<&str> {
    let mut all = vec![""];
    for probe in probes {
        let path = probe.path.split('?').next().unwrap_or_default();
        for folder in path.match_indices('/').filter_map(|(at, _)| path.get(..at)) {
            if !all.contains(&folder) {
                all.push(folder);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Transport;

    #[test]
    fn jupyter_is_looked_for_in_the_folders_of_what_was_asked() {
        let probe = |path: &str| Probe { path: path.into(), status_below: 400 };
        assert_eq!(folders(&[]), [""]);
        assert_eq!(folders(&[probe("/api"), probe("/")]), [""]);
        let nested = [probe("/user/ada/api?token=a/b"), probe("/user/ada/")];
        assert_eq!(folders(&nested), ["", "/user", "/user/ada"]);
    }

    #[test]
    fn who_can_connect_follows_from_the_address_and_the_engine() {
        let port = |ip: Option<&str>| Port {
            container: 8888,
            host: Some(32768),
            host_ip: ip.map(str::to_owned),
            protocol: Transport::Tcp,
        };
        let of = |reach, ip| Exposure::of(reach, &[port(ip)], 8888);
        assert_eq!(of(Reach::Published, Some("127.0.0.1")), Exposure::Loopback);
        assert_eq!(of(Reach::Published, Some("::1")), Exposure::Loopback);
        for open in [Some("0.0.0.0"), Some("::"), Some("192.0.2.1"), None] {
            assert_eq!(of(Reach::Published, open), Exposure::Network, "{open:?}");
        }
        assert_eq!(of(Reach::Host, Some("127.0.0.1")), Exposure::Network);
        let elsewhere = EnginePlace::Unreachable { host: "cluster".into() };
        assert_eq!(Exposure::Loopback.who(&EnginePlace::Here), "every user of this computer");
        assert_eq!(
            Exposure::Network.who(&elsewhere),
            "everybody who can connect to the engine's computer"
        );
    }
}
