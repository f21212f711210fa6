//! Commands in containers.
//!
//! API: `POST /containers/{id}/exec`, `POST /exec/{id}/start` with an upgraded connection,
//! `POST /exec/{id}/resize`, `GET /exec/{id}/json`.

use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, ResizeExecOptions, StartExecOptions, StartExecResults};
use futures_util::StreamExt as _;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;

use crate::contract::{
    ContainerRef, ContainersError, ExecInput, ExecOutput, ExecSpec, ExecStreams, TerminalSize,
};
use crate::domain::ProviderError;
use crate::{Docker, engine_errors};

/// The variable by which a command is found again: engines give no way to send a signal to
/// one, and its number inside is known only there.
const MARK: &str = "RENKU_SESSION_EXEC";
/// How long the engine may take to say how a command ended.
const END_PATIENCE: Duration = Duration::from_secs(10);
const END_PAUSE: Duration = Duration::from_millis(20);

/// Sends SIGINT to the command with the mark `$1`, and to what it started.
const INTERRUPT: &str = "for process in /proc/[0-9]*; do \
    case \"$(tr '\\0' ' ' < \"$process/environ\" 2>/dev/null)\" in \
    *\"$1\"*) kill -INT \"${process#/proc/}\" 2>/dev/null;; esac; done";

impl Docker {
    pub(crate) async fn exec_in(
        &self,
        container: &ContainerRef,
        spec: &ExecSpec,
        streams: ExecStreams,
    ) -> Result<i32, ContainersError> {
        let docker = &self.engine().await?.docker;
        let refused = |error: Error| refused(spec, &error);
        let mark = format!("{MARK}={}", mark_of(container));
        let variables = spec.environment.iter().map(|(name, value)| format!("{name}={value}"));
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(spec.terminal.is_some()),
            env: Some(variables.chain([mark.clone()]).collect()),
            cmd: Some(spec.command.clone()),
            user: spec.user.clone(),
            working_dir: spec.working_directory.clone(),
            ..CreateExecOptions::default()
        };
        let id = docker.create_exec(&container.id, options).await.map_err(refused)?.id;
        let start =
            StartExecOptions { tty: spec.terminal.is_some(), ..StartExecOptions::default() };
        let started = docker.start_exec(&id, Some(start)).await.map_err(refused)?;
        let StartExecResults::Attached { mut output, input } = started else {
            return Err(ContainersError::ExecUnsupported);
        };
        if let Some(size) = spec.terminal {
            resize(docker, &id, size).await;
        }
        let ExecStreams { input: mut typed, output: shown } = streams;
        let (ends, mut interrupts) = mpsc::channel(8);
        let feeding = feed(docker, &id, input, &mut typed, &ends);
        let showing = async {
            while let Some(piece) = output.next().await {
                let Ok(piece) = piece else { break };
                if show(shown.as_ref(), piece).is_err() {
                    return Err(ContainersError::Sink(ProviderError::cancelled()));
                }
            }
            Ok(())
        };
        let signalling = async {
            while interrupts.recv().await.is_some() {
                self.interrupt(container, spec, &mark).await;
            }
        };
        tokio::select! {
            shown = showing => shown?,
            () = async { tokio::join!(feeding, signalling); std::future::pending::<()>().await } => {}
        }
        self.exit_status(&id, spec).await
    }

    /// Ctrl-C, for a command without a terminal.
    async fn interrupt(&self, container: &ContainerRef, spec: &ExecSpec, mark: &str) {
        let Ok(engine) = self.engine().await else { return };
        let words = ["/bin/sh", "-c", INTERRUPT, "sh", mark];
        let options = CreateExecOptions {
            cmd: Some(words.map(str::to_owned).into()),
            user: spec.user.clone(),
            ..CreateExecOptions::default()
        };
        let Ok(created) = engine.docker.create_exec(&container.id, options).await else { return };
        let detached = StartExecOptions { detach: true, ..StartExecOptions::default() };
        let _ = engine.docker.start_exec(&created.id, Some(detached)).await;
    }

    /// The engine closes the connection a moment before it knows the exit status.
    async fn exit_status(&self, id: &str, spec: &ExecSpec) -> Result<i32, ContainersError> {
        let docker = &self.engine().await?.docker;
        let ended = async {
            loop {
                let seen = docker.inspect_exec(id).await.map_err(|error| refused(spec, &error))?;
                match seen.exit_code {
                    Some(code) if seen.running != Some(true) => {
                        return Ok(i32::try_from(code).unwrap_or(1));
                    }
                    _ => tokio::time::sleep(END_PAUSE).await,
                }
            }
        };
        let late = |_| ContainersError::Engine {
            action: "run the command",
            message: "the connection to it has ended, and it has not".to_owned(),
        };
        tokio::time::timeout(END_PATIENCE, ended).await.map_err(late)?
    }
}

/// Passes on what is typed, until nothing more comes.
async fn feed(
    docker: &bollard::Docker,
    id: &str,
    mut input: impl AsyncWrite + Unpin,
    typed: &mut mpsc::Receiver<ExecInput>,
    interrupts: &mpsc::Sender<()>,
) {
    let mut open = true;
    while let Some(piece) = typed.recv().await {
        match piece {
            // That the command reads no more is no reason to end it.
            ExecInput::Bytes(bytes) if bytes.is_empty() => {
                let _ = input.shutdown().await;
                open = false;
            }
            ExecInput::Bytes(bytes) if open => open = input.write_all(&bytes).await.is_ok(),
            ExecInput::Bytes(_) => {}
            ExecInput::Resized(size) => resize(docker, id, size).await,
            ExecInput::Interrupt => {
                let _ = interrupts.send(()).await;
            }
        }
    }
}

async fn resize(docker: &bollard::Docker, id: &str, size: TerminalSize) {
    let TerminalSize { columns: width, rows: height } = size;
    // A size that is wrong is a nuisance and no failure.
    let _ = docker.resize_exec(id, ResizeExecOptions { height, width }).await;
}

fn show(output: &dyn ExecOutput, piece: LogOutput) -> std::io::Result<()> {
    match piece {
        LogOutput::StdErr { message } => output.err(&message),
        LogOutput::StdOut { message } | LogOutput::Console { message } => output.out(&message),
        LogOutput::StdIn { .. } => Ok(()),
    }
}

/// A word that no other command in the container has.
fn mark_of(container: &ContainerRef) -> String {
    use std::hash::{BuildHasher as _, RandomState};
    format!("{:016x}", RandomState::new().hash_one(&container.id))
}

/// Why a command was not started. Engines have many words and statuses for it.
fn refused(spec: &ExecSpec, error: &Error) -> ContainersError {
    ContainersError::NotExecuted {
        command: spec.command.first().cloned().unwrap_or_default(),
        message: engine_errors::message(error),
    }
}
