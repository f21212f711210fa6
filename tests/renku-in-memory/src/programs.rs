//! Programs of containers as processes of this machine.
//!
//! A program has a folder: `container.json` says what it is, `output` has what it
//! printed, `exit` its exit status. It holds a lock of `alive` as long as it lives, which
//! nobody can forget to give back.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use futures_util::future::BoxFuture;
use renku_session_contract::{ContainersError, Door, ExecSpec, ExecStreams};
use renku_session_memory::{Container, Programs, Signal};
use rustix::process::{Pid, Signal as Posix, kill_process_group};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::environment::Environment;
use crate::{ENGINE, SESSION, TEST};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The exit status of a program that was killed.
const KILLED: i32 = 137;

/// Programs as processes.
pub(crate) struct Processes(pub(crate) Environment);

impl Processes {
    /// Starts the process and waits until it has its ports.
    fn launch(&self, container: &mut Container) -> std::io::Result<String> {
        let folder = self.0.program(&container.id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("container.json"), serde_json::to_vec(container)?)?;
        let output = File::options().create(true).append(true).open(folder.join("output"))?;
        let mut process = Command::new(std::env::current_exe()?)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env(ENGINE, &self.0.engine)
            .env(TEST, &self.0.test)
            .env(SESSION, &container.id)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(output)
            // Ctrl-C is for `renku`, not for its sessions.
            .process_group(0)
            .spawn()?;
        container.process = Some(process.id());
        let mut first = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut first)?;
        }
        // It outlives this process, or is seen to end by its lock.
        std::thread::spawn(move || process.wait());
        Ok(first)
    }
}

impl Programs for Processes {
    fn start(&self, container: &mut Container) -> Result<(), ContainersError> {
        let failed =
            |message: String| ContainersError::Engine { action: "start the container", message };
        let said = self.launch(container).map_err(|error| failed(error.to_string()))?;
        match said.trim().split_once(' ') {
            Some(("taken", port)) => Err(ContainersError::PortTaken {
                port: port.parse().unwrap_or_default(),
                message: "address already in use".to_owned(),
            }),
            Some(("ports", ports)) => {
                let ports: Vec<u16> =
                    serde_json::from_str(ports).map_err(|error| failed(error.to_string()))?;
                for (port, host) in container.ports.iter_mut().zip(ports) {
                    port.host = Some(host);
                }
                Ok(())
            }
            _ => Err(failed(format!("its program did not start: {said}"))),
        }
    }

    fn ended(&self, container: &Container) -> Option<i32> {
        let folder = self.0.program(&container.id);
        let is_alive =
            File::open(folder.join("alive")).is_ok_and(|file| file.try_lock_shared().is_err());
        if is_alive {
            return None;
        }
        let exit = fs::read_to_string(folder.join("exit")).unwrap_or_default();
        Some(exit.trim().parse().unwrap_or(KILLED))
    }

    fn signal(&self, container: &Container, signal: Signal) {
        let signal = match signal {
            Signal::Terminate => Posix::TERM,
            Signal::Kill => Posix::KILL,
            Signal::Stop => Posix::STOP,
            Signal::Continue => Posix::CONT,
        };
        let process = container.process.and_then(|process| i32::try_from(process).ok());
        // Of one that has ended, the number may be somebody else's by now.
        if let Some(process) = process.and_then(Pid::from_raw)
            && self.ended(container).is_none()
        {
            let _ = kill_process_group(process, signal);
        }
    }

    fn output(&self, container: &Container) -> Vec<u8> {
        fs::read(self.0.program(&container.id).join("output")).unwrap_or_default()
    }

    fn exec<'a>(
        &'a self,
        container: Container,
        spec: &'a ExecSpec,
        streams: ExecStreams,
    ) -> BoxFuture<'a, Result<i32, ContainersError>> {
        Box::pin(crate::exec::run(container, spec, streams))
    }

    fn ask<'a>(&'a self, door: &'a Door, path: &'a str) -> BoxFuture<'a, Option<u16>> {
        let answer = async move {
            let address = format!("{}:{}", door.host, door.host_port);
            let mut stream = TcpStream::connect(&address).await.ok()?;
            let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
            stream.write_all(request.as_bytes()).await.ok()?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.ok()?;
            let line = String::from_utf8_lossy(&answer).lines().next()?.to_owned();
            line.split(' ').nth(1)?.parse().ok()
        };
        Box::pin(async { tokio::time::timeout(PATIENCE, answer).await.ok().flatten() })
    }
}
