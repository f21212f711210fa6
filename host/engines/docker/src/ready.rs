//! Waits until a session answers, or has ended, or time is up.
//!
//! API: `POST /containers/{id}/wait`, which reports an end at once.

use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::query_parameters::WaitContainerOptions;
use futures_util::StreamExt;

use super::connect::Address;
use super::inside::{Blind, Inside};
use super::inspect::Seen;
use super::options::Reach;
use super::probe::Door;
use super::{ContainerState, Containers, ContainersError, Probe, engine_errors, logs, probe};
use crate::domain::Phase;
use crate::domain::{Port, Transport};

/// The first pause between two questions, and the longest: readiness is
/// noticed within 50 ms.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
/// The same where every question takes a login or a process.
const LONGEST_PAUSE_REMOTE: Duration = Duration::from_millis(400);
/// The pause after an answer to `wait` that was none.
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// How long a session that nobody can ask has to keep running.
const SETTLED: Duration = Duration::from_secs(2);
/// How long the engine may take to answer `wait`.
const WAIT_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

impl Containers {
    /// Waits until the published `port` answers HTTP as `probes` ask. A container
    /// that no network lets anybody into is watched for a moment instead.
    ///
    /// # Errors
    ///
    /// [`ContainersError::ExitedBeforeReady`] or `NotReady` (time is up), both
    /// with the last log lines; `RemovedBeforeReady`; `PortNotPublished`, `NotFound`,
    /// `Engine` when the engine does not answer any more. The container
    /// is left as it is.
    pub async fn wait_ready(
        &self,
        name: &str,
        port: u16,
        probes: &[Probe],
        timeout: Duration,
    ) -> Result<(), ContainersError> {
        let seen = self.seen(name).await.map_err(|error| self.unless_gone(name, error))?;
        let engine = self.connected().await?;
        let docker = &engine.docker;
        let _phase = Phase::begin(&self.0.reporter, "Waiting for the session");
        // Before its ports are looked at: what has ended has none.
        if matches!(
            seen.info.state,
            ContainerState::Exited | ContainerState::Dead | ContainerState::Removing
        ) {
            return Err(self.exited(docker, seen, None).await);
        }
        if seen.reach == Reach::Nowhere {
            return self.keeps_running(docker, seen, timeout.min(SETTLED)).await;
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
                Ok(code) => Err(self.exited(docker, seen, code).await),
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

    /// Ready is what still runs after a while, where nobody can ask more.
    async fn keeps_running(
        &self,
        docker: &Docker,
        seen: Seen,
        time: Duration,
    ) -> Result<(), ContainersError> {
        match tokio::time::timeout(time, ended(docker, &seen.id)).await {
            Err(_) => Ok(()),
            Ok(Ok(code)) => Err(self.exited(docker, seen, code).await),
            Ok(Err(gone)) => Err(gone),
        }
    }

    async fn exited(&self, docker: &Docker, seen: Seen, code: Option<i32>) -> ContainersError {
        let log = logs::last_lines(docker, &seen.id).await;
        let name = seen.info.name;
        // Somebody may have removed it meanwhile.
        let info = self.inspect(&name).await.ok();
        let exit_code = info.as_ref().and_then(|info| info.exit_code).or(code);
        if log.is_empty() && self.0.options.host.auto_remove == Some(true) {
            return ContainersError::RemovedBeforeReady { name, exit_code };
        }
        let out_of_memory = info.is_some_and(|info| info.out_of_memory);
        ContainersError::ExitedBeforeReady { name, exit_code, out_of_memory, log }
    }

    /// What `error` means for a container of this name: one that this command made
    /// and that the engine does not have any more was removed at its end.
    pub(super) fn unless_gone(&self, name: &str, error: ContainersError) -> ContainersError {
        let gone = matches!(error, ContainersError::NotFound { .. })
            && self.0.options.host.auto_remove == Some(true)
            && self.0.ledger.get(name).is_some();
        match gone {
            true => ContainersError::RemovedBeforeReady { name: name.to_owned(), exit_code: None },
            false => error,
        }
    }
}

/// Returns when the container does not run any more, with its exit status where the
/// engine said it.
///
/// # Errors
///
/// When the engine itself does not answer any more.
async fn ended(docker: &Docker, id: &str) -> Result<Option<i32>, ContainersError> {
    let patient = docker.clone().with_timeout(WAIT_PATIENCE);
    loop {
        let options = WaitContainerOptions { condition: "not-running".to_owned() };
        // Its exit status comes as a value or, when not zero, as an error.
        let code = match patient.wait_container(id, Some(options)).next().await {
            Some(Ok(answer)) => i32::try_from(answer.status_code).ok(),
            Some(Err(Error::DockerContainerWaitError { code, .. })) => i32::try_from(code).ok(),
            _ => None,
        };
        // A broken connection looks the same: ask.
        match docker.inspect_container(id, None).await {
            Ok(answer) if answer.state.as_ref().and_then(|state| state.running) == Some(true) => {
                tokio::time::sleep(ASK_AGAIN).await;
            }
            Ok(_) => return Ok(code),
            Err(error) if engine_errors::status(&error) == Some(404) => return Ok(code),
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
