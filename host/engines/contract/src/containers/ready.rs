//! Waits until a session answers, or has ended, or time is up.

use std::time::Duration;

use super::admits::Exposure;
use super::inspect::Seen;
use super::observed::Observed;
use super::server::Server;
use super::{logs, seen};
use crate::domain::{Phase, Port, Transport};
use crate::driver::{Blind, Door, Driver};
use crate::options::Reach;
use crate::policy::labels;
use crate::{ContainerState, Containers, ContainersError, EnginePlace, Probe};

/// The first pause between two questions, and the longest: readiness is
/// noticed within 50 ms.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
/// The same where every question takes a login or a process.
const LONGEST_PAUSE_REMOTE: Duration = Duration::from_millis(400);
/// How often what a silent session printed is looked at.
const LOOK_PAUSE: Duration = Duration::from_millis(500);
/// How long a session that nobody can ask has to keep running.
const SETTLED: Duration = Duration::from_secs(2);

impl Containers {
    /// Waits until the published `port` answers HTTP as `probes` ask. A container
    /// that no network lets anybody into is watched for a moment instead. One that
    /// opens without a token is warned of.
    ///
    /// # Errors
    ///
    /// [`ContainersError::ExitedBeforeReady`] or `NotReady` (time is up), both
    /// with the last log lines; `RemovedBeforeReady`; `Unprotected`, a Jupyter that
    /// lets everybody in; `ServerElsewhere`, when it answers at another port or says that
    /// it is elsewhere ([`Containers::inspect`] has it in a label); `PortNotPublished`,
    /// `NotFound`, `Engine` when the engine does not answer any more. The container
    /// is left as it is.
    pub async fn wait_ready(
        &self,
        name: &str,
        port: u16,
        probes: &[Probe],
        timeout: Duration,
    ) -> Result<(), ContainersError> {
        let seen = self.seen(name).await.map_err(|error| self.unless_gone(name, error))?;
        let driver = self.0.driver.as_ref();
        // More questions to one that answers are the same wait.
        let again = self.0.ledger.is_ready(name);
        let _phase = (!again).then(|| Phase::begin(&self.0.reporter, "Waiting for the session"));
        // Before its ports are looked at: what has ended has none.
        if matches!(
            seen.info.state,
            ContainerState::Exited | ContainerState::Dead | ContainerState::Removing
        ) {
            return Err(self.exited(seen, None).await);
        }
        if seen.reach == Reach::Nowhere {
            return self.keeps_running(seen, timeout.min(SETTLED)).await;
        }
        let doors = doors(&seen, port);
        let Some(door) = doors.first() else {
            return Err(ContainersError::PortNotPublished { name: name.to_owned(), port });
        };
        let place = driver.place().await?;
        let exposure = Exposure::of(seen.reach, &seen.info.ports, port);
        let longest = match place {
            EnginePlace::Here => LONGEST_PAUSE,
            EnginePlace::Tunnelled { .. } | EnginePlace::Unreachable { .. } => LONGEST_PAUSE_REMOTE,
        };
        let mut last = None;
        let answered = async {
            let mut pause = FIRST_PAUSE;
            loop {
                for (index, door) in doors.iter().enumerate() {
                    let answer = is_ready(driver, door, probes).await?;
                    if index == 0 {
                        last = answer.status.or(last);
                    }
                    if answer.is_ready {
                        return Ok((door, answer));
                    }
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
            }
        };
        tokio::select! {
            answered = answered => match answered {
                Ok((at, answer)) => {
                    if at.port != port {
                        let path = base_of(probes).unwrap_or_default().to_owned();
                        return Err(self.elsewhere(&seen, port, at.port, path));
                    }
                    // A Jupyter below another path says 404 to its own question.
                    if !answer.is_first {
                        let log = logs::recent_lines(driver, &seen.container, probes).await;
                        self.expect_here(&seen, door, probes, Server::printed(&log).as_ref())?;
                    }
                    let status = answer.status.unwrap_or_default();
                    if !again {
                        self.check_admission(door, probes, status, &place, exposure).await?;
                        self.0.ledger.was_ready(name);
                    }
                    Ok(())
                }
                Err(Blind) => {
                    self.0.reporter.message(
                        "Could not check whether the session answers: the engine is on another machine, \
                         and the image has neither curl, python3 nor wget",
                    );
                    Ok(())
                }
            },
            ended = driver.ended(&seen.container) => match ended {
                Ok(code) => Err(self.exited(seen, code).await),
                Err(gone) => Err(gone),
            },
            // Long before time is up the program may say that asking is in vain.
            error = self.says_otherwise(&seen, door, probes), if !again => Err(error),
            () = tokio::time::sleep(timeout) => {
                let log = logs::recent_lines(driver, &seen.container, probes).await;
                let listeners = driver.listeners(&seen.container).await;
                let printed = Server::printed(&log);
                Err(ContainersError::NotReady {
                    name: name.to_owned(),
                    port,
                    seconds: timeout.as_secs(),
                    observed: Observed::of(port, last, printed.as_ref(), listeners.as_deref()),
                    exposed: others(&seen, port),
                    log: logs::shown(log),
                })
            }
        }
    }

    /// Looks at what the session prints until that says that it is not at `door`.
    async fn says_otherwise(&self, seen: &Seen, door: &Door, probes: &[Probe]) -> ContainersError {
        loop {
            tokio::time::sleep(LOOK_PAUSE).await;
            let log = logs::recent_lines(self.0.driver.as_ref(), &seen.container, probes).await;
            let Some(server) = Server::printed(&log) else { continue };
            if server.is_inside || server.is_secure {
                let printed = Some(&server);
                return ContainersError::NotReady {
                    name: seen.info.name.clone(),
                    port: door.port,
                    seconds: 0,
                    observed: Observed::of(door.port, None, printed, None),
                    exposed: Vec::new(),
                    log: logs::shown(log),
                };
            }
            if let Err(error) = self.expect_here(seen, door, probes, Some(&server)) {
                return error;
            }
        }
    }

    /// Wants the server to be where it was asked.
    fn expect_here(
        &self,
        seen: &Seen,
        door: &Door,
        probes: &[Probe],
        server: Option<&Server>,
    ) -> Result<(), ContainersError> {
        match server {
            Some(server)
                if server.port != door.port
                    || base_of(probes).is_some_and(|path| path != server.path) =>
            {
                Err(self.elsewhere(seen, door.port, server.port, server.path.clone()))
            }
            _ => Ok(()),
        }
    }

    fn elsewhere(&self, seen: &Seen, port: u16, found: u16, path: String) -> ContainersError {
        let name = seen.info.name.clone();
        self.0.ledger.saw_server(&name, format!("{found} {path}"));
        ContainersError::ServerElsewhere { name, port, found, path }
    }

    /// Ready is what still runs after a while, where nobody can ask more.
    async fn keeps_running(&self, seen: Seen, time: Duration) -> Result<(), ContainersError> {
        match tokio::time::timeout(time, self.0.driver.ended(&seen.container)).await {
            Err(_) => Ok(()),
            Ok(Ok(code)) => Err(self.exited(seen, code).await),
            Ok(Err(gone)) => Err(gone),
        }
    }

    async fn exited(&self, seen: Seen, code: Option<i32>) -> ContainersError {
        let log = logs::last_lines(self.0.driver.as_ref(), &seen.container).await;
        let name = seen.info.name;
        // Somebody may have removed it meanwhile.
        let info = self.inspect(&name).await.ok();
        let exit_code = info.as_ref().and_then(|info| info.exit_code).or(code);
        if log.is_empty() && self.0.options.run.rm {
            return ContainersError::RemovedBeforeReady { name, exit_code };
        }
        let out_of_memory = info.is_some_and(|info| info.out_of_memory);
        ContainersError::ExitedBeforeReady { name, exit_code, out_of_memory, log }
    }

    /// What `error` means for a container of this name: one that this command made
    /// and that the engine does not have any more was removed at its end.
    pub(crate) fn unless_gone(&self, name: &str, error: ContainersError) -> ContainersError {
        let gone = matches!(error, ContainersError::NotFound { .. })
            && self.0.options.run.rm
            && self.0.ledger.get(name).is_some();
        match gone {
            true => ContainersError::RemovedBeforeReady { name: name.to_owned(), exit_code: None },
            false => error,
        }
    }
}

/// What a session said to the probes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Answer {
    /// The status of the last answer.
    status: Option<u16>,
    is_ready: bool,
    /// Whether the first probe was enough.
    is_first: bool,
}

/// Asks the probes in order, the next one only when the one before answers 404. No
/// probes: any answer will do.
///
/// # Errors
///
/// [`Blind`] when nothing can be asked at all.
async fn is_ready(driver: &dyn Driver, door: &Door, probes: &[Probe]) -> Result<Answer, Blind> {
    let any_answer = [Probe { path: "/".to_owned(), status_below: u16::MAX }];
    let probes = if probes.is_empty() { &any_answer } else { probes };
    for (index, probe) in probes.iter().enumerate() {
        let status = driver.ask(door, &probe.path).await?;
        if let Some(is_ready) = verdict(probe, index + 1 == probes.len(), status) {
            return Ok(Answer { status, is_ready, is_first: index == 0 });
        }
    }
    Ok(Answer::default())
}

/// The path below which the probes expect a Jupyter: that of its `/api`; none: they are
/// about something else.
fn base_of(probes: &[Probe]) -> Option<&str> {
    probes.first()?.path.strip_suffix("/api")
}

/// Where `port` can be asked, and then other ports that were published for the same
/// session because nobody knew which one it is.
fn doors(seen: &Seen, port: u16) -> Vec<Door> {
    let ports = seen.info.labels.get(labels::PORTS).map(String::as_str).unwrap_or_default();
    let others = ports.split(',').filter_map(|it| it.parse().ok()).filter(|it| *it != port);
    let ports: Vec<u16> = std::iter::once(port).chain(others).collect();
    let door = |port: &u16| {
        let (host, host_port) = published_at(&seen.info.ports, *port)?;
        Some(Door { container: seen.container.clone(), port: *port, host, host_port })
    };
    // The one that is meant has to be there.
    match ports.first().and_then(door) {
        Some(_) => ports.iter().filter_map(door).collect(),
        None => Vec::new(),
    }
}

/// The other ports that the image exposes.
fn others(seen: &Seen, port: u16) -> Vec<u16> {
    let tcp = seen.info.ports.iter().filter(|it| it.protocol == Transport::Tcp);
    let mut others: Vec<u16> = tcp.map(|it| it.container).filter(|it| *it != port).collect();
    others.sort_unstable();
    others.dedup();
    others
}

/// What an answer to a probe says; none: the next one is asked.
fn verdict(probe: &Probe, is_last: bool, status: Option<u16>) -> Option<bool> {
    match status {
        None => Some(false),
        Some(404) if !is_last => None,
        Some(status) => Some(status < probe.status_below),
    }
}

/// Where a TCP port of a container is on the engine's machine.
fn published_at(ports: &[Port], port: u16) -> Option<(String, u16)> {
    ports
        .iter()
        .filter(|it| it.container == port && it.protocol == Transport::Tcp)
        .find_map(|it| Some((seen::connectable(it), it.host?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(host: Option<u16>, host_ip: Option<&str>, protocol: Transport) -> Port {
        Port { container: 8888, host, host_ip: host_ip.map(str::to_owned), protocol }
    }

    #[test]
    fn the_address_of_a_published_port_can_be_connected_to() {
        let tcp = |ip| {
            published_at(&[port(Some(32768), ip, Transport::Tcp)], 8888)
                .map(|(host, port)| format!("{host}:{port}"))
        };
        assert_eq!(tcp(Some("127.0.0.1")).as_deref(), Some("127.0.0.1:32768"));
        assert_eq!(tcp(Some("0.0.0.0")).as_deref(), Some("127.0.0.1:32768"));
        assert_eq!(tcp(Some("::1")).as_deref(), Some("[::1]:32768"));
        assert_eq!(tcp(None).as_deref(), Some("127.0.0.1:32768"));
        assert_eq!(published_at(&[port(None, None, Transport::Tcp)], 8888), None);
        assert_eq!(published_at(&[port(Some(1), None, Transport::Udp)], 8888), None);
    }

    /// Whether a session with these answers to `/api` and `/` is ready for Jupyter's
    /// probes.
    fn ready(api: Option<u16>, page: Option<u16>) -> bool {
        let probe = |path: &str, status_below| Probe { path: path.into(), status_below };
        let first = verdict(&probe("/api", 400), false, api);
        first.or_else(|| verdict(&probe("/", 500), true, page)).expect("the last one decides")
    }

    #[test]
    fn the_next_probe_is_asked_only_after_404() {
        assert!(ready(Some(200), Some(500)), "Jupyter");
        assert!(ready(Some(404), Some(302)), "RStudio");
        assert!(!ready(Some(503), Some(200)), "still starting");
        assert!(ready(Some(404), Some(404)), "nothing at the root");
        assert!(!ready(None, Some(200)), "nobody answers");
    }
}
