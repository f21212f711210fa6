//! Whom a session that is ready lets in: it is asked once more, without a token. An image can
//! have switched off that its Jupyter wants one, and nothing else would show it.

use std::time::Duration;

use super::seen;
use crate::domain::{Port, Transport, is_loopback_host};
use crate::driver::{Door, Driver};
use crate::options::Reach;
use crate::{ContainerState, Containers, ContainersError, EnginePlace, Probe};

/// Jupyter answers this to nobody without its token.
const PROTECTED: &str = "/api/contents?content=0";
/// Jupyter does not have this. A server that answers whatever it is asked is none.
const ABSENT: &str = "/api/no-such-address";
/// In how many folders a Jupyter is looked for: the paths are a provider's.
const FOLDERS: usize = 16;
/// How long that may take when a session has just become ready, and when it is opened.
const READY: Duration = Duration::from_secs(60);
const OPENED: Duration = Duration::from_secs(3);

/// Whom a session lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admits {
    /// Those with its token, as far as that can be seen.
    Known,
    /// Everybody, and it is a Jupyter.
    EverybodyToJupyter,
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
        let admits = admits(self.0.driver.as_ref(), door, probes, status);
        let admits = tokio::time::timeout(READY, admits).await.unwrap_or(Admits::Known);
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

    /// Who can open the session at `url` without its token, when it is a Jupyter that asks
    /// nobody for one: nobody waited for a session that was started with `--no-wait`, and one
    /// can be changed while it runs. None also where it does not answer at once.
    ///
    /// # Errors
    ///
    /// When the engine does not answer.
    pub async fn open_to(
        &self,
        name: &str,
        url: &str,
    ) -> Result<Option<&'static str>, ContainersError> {
        let container = self.seen(name).await?;
        let Some((host_port, path)) = port_and_path(url) else { return Ok(None) };
        let mut ports = container.info.ports.iter().filter(|port| port.protocol == Transport::Tcp);
        let Some(port) = ports.find(|port| port.host == Some(host_port)) else { return Ok(None) };
        if container.reach == Reach::Nowhere || container.info.state != ContainerState::Running {
            return Ok(None);
        }
        let place = self.0.driver.place().await?;
        let exposure = Exposure::of(container.reach, &container.info.ports, port.container);
        let host = seen::connectable(port);
        let door = Door { container: container.container, port: port.container, host, host_port };
        // Its path alone is of interest, and how it answered there is not.
        let page = [Probe { path: path.to_owned(), status_below: u16::MAX }];
        let admits = admits(self.0.driver.as_ref(), &door, &page, 404);
        match tokio::time::timeout(OPENED, admits).await {
            Ok(Admits::EverybodyToJupyter) => Ok(Some(exposure.who(&place))),
            Ok(Admits::Known | Admits::Everybody) | Err(_) => Ok(None),
        }
    }
}

/// The port and the path of an address of the web.
fn port_and_path(url: &str) -> Option<(u16, &str)> {
    let rest = url.split_once("://")?.1;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    Some((authority.rsplit_once(':')?.1.parse().ok()?, path))
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
            if all.len() == FOLDERS {
                return all;
            }
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
        // A provider cannot keep us busy with a path of many.
        assert_eq!(folders(&[probe(&"/a".repeat(1 << 20))]).len(), FOLDERS);
        assert_eq!(folders(&vec![probe("/a/b"); 10_000]), ["", "/a"]);
    }

    #[test]
    fn a_session_is_found_by_the_port_of_its_address() {
        let found = port_and_path("http://127.0.0.1:32768/lab/tree?token=a:1/2");
        assert_eq!(found, Some((32768, "/lab/tree?token=a:1/2")));
        assert_eq!(port_and_path("http://[::1]:80"), Some((80, "")));
        assert_eq!(port_and_path("https://a.example/lab"), None);
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
