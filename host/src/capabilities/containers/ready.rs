//! Waits until a session answers, or has ended, or time is up.
//!
//! API: `POST /containers/{id}/wait`, which reports an end at once.

use std::time::Duration;

use bollard::Docker;
use bollard::query_parameters::WaitContainerOptions;
use futures_util::StreamExt;

use super::connect::Address;
use super::inside::{Blind, Inside};
use super::inspect::Seen;
use super::phase::Phase;
use super::probe::Door;
use super::{ContainerState, Containers, ContainersError, Probe, engine_errors, logs, probe};
use crate::domain::{Port, Transport};

/// The first pause between two questions, and the longest: readiness is
/// noticed within 50 ms.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
/// The same where every question takes a login or a process.
const LONGEST_PAUSE_REMOTE: Duration = Duration::from_millis(400);
/// The pause after an answer to `wait` that was none.
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// How long the engine may take to answer `wait`.
const WAIT_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

impl Containers {
    /// Waits until the published `port` answers HTTP as `probes` ask.
    ///
    /// # Errors
    ///
    /// [`ContainersError::ExitedBeforeReady`] or `NotReady` (time is up), both
    /// with the last log lines; `PortNotPublished`, `NotFound`, `Engine` when
    /// the engine does not answer any more. The container
    /// is left as it is.
    pub async fn wait_ready(
        &self,
        name: &str,
        port: u16,
        probes: &[Probe],
        timeout: Duration,
    ) -> Result<(), ContainersError> {
        let seen = self.seen(name).await?;
        let engine = self.connected().await?;
        let docker = &engine.docker;
        if matches!(seen.info.state, ContainerState::Exited | ContainerState::Dead) {
            return Err(self.exited(docker, seen).await);
        }
        let (host, host_port) = published_at(&seen.info.ports, port)
            .ok_or_else(|| ContainersError::PortNotPublished { name: name.to_owned(), port })?;
        let door = match &engine.address {
            Address::Ssh(host) => Door::Ssh(host.clone(), host_port),
            address if address.is_remote() => {
                Door::Inside(Inside { docker: docker.clone(), id: seen.id.clone(), port })
            }
            _ => Door::Here(format!("{host}:{host_port}")),
        };
        let _phase = Phase::begin(&self.0.reporter, "Waiting for the session");
        let answered = async {
            let longest = match door {
                Door::Here(_) => LONGEST_PAUSE,
                Door::Ssh(..) | Door::Inside(_) => LONGEST_PAUSE_REMOTE,
            };
            let mut pause = FIRST_PAUSE;
            while !probe::ready(&door, probes).await? {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
            }
            Ok(())
        };
        tokio::select! {
            answered = answered => {
                if answered == Err(Blind) {
                    self.0.reporter.message(
                        "Whether the session answers was not seen: the engine is on another machine, \
                         and the image has neither curl, python3 nor wget to ask with",
                    );
                }
                Ok(())
            }
            ended = ended(docker, &seen.id) => match ended {
                Ok(()) => Err(self.exited(docker, seen).await),
                Err(gone) => Err(gone),
            },
            () = tokio::time::sleep(timeout) => Err(ContainersError::NotReady {
                name: name.to_owned(),
                port,
                seconds: timeout.as_secs(),
                log: logs::last_lines(docker, &seen.id).await,
            }),
        }
    }

    async fn exited(&self, docker: &Docker, seen: Seen) -> ContainersError {
        let log = logs::last_lines(docker, &seen.id).await;
        let name = seen.info.name;
        match self.inspect(&name).await {
            Ok(info) => ContainersError::ExitedBeforeReady {
                name,
                exit_code: info.exit_code,
                out_of_memory: info.out_of_memory,
                log,
            },
            // Somebody removed it meanwhile: that it ended is all there is.
            Err(_) => ContainersError::ExitedBeforeReady {
                name,
                exit_code: None,
                out_of_memory: false,
                log,
            },
        }
    }
}

/// Returns when the container does not run any more.
///
/// # Errors
///
/// When the engine itself does not answer any more.
async fn ended(docker: &Docker, id: &str) -> Result<(), ContainersError> {
    let patient = docker.clone().with_timeout(WAIT_PATIENCE);
    loop {
        let options = WaitContainerOptions { condition: "not-running".to_owned() };
        // Its exit status comes as a value or, when not zero, as an error.
        let _ = patient.wait_container(id, Some(options)).next().await;
        // A broken connection looks the same: ask.
        match docker.inspect_container(id, None).await {
            Ok(answer) if answer.state.as_ref().and_then(|state| state.running) == Some(true) => {
                tokio::time::sleep(ASK_AGAIN).await;
            }
            Ok(_) => return Ok(()),
            Err(error) if engine_errors::status(&error) == Some(404) => return Ok(()),
            Err(error) => return Err(engine_errors::other("watch the session")(error)),
        }
    }
}

/// Where a TCP port of a container is on the engine's machine.
fn published_at(ports: &[Port], port: u16) -> Option<(String, u16)> {
    ports.iter().filter(|it| it.container == port && it.protocol == Transport::Tcp).find_map(|it| {
        let host = match it.host_ip.as_deref() {
            None | Some("0.0.0.0" | "::") => "127.0.0.1".to_owned(),
            Some(ip) if ip.contains(':') => format!("[{ip}]"),
            Some(ip) => ip.to_owned(),
        };
        Some((host, it.host?))
    })
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
}
