//! Commands beside the program of a session, as processes of this machine.

use std::convert::Infallible;
use std::process::Stdio;

use renku_session_contract::{ContainersError, ExecInput, ExecSpec, ExecStreams};
use renku_session_memory::Container;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStdin, Command};
use tokio::sync::mpsc;

/// Runs one to its end.
pub(crate) async fn run(
    container: Container,
    spec: &ExecSpec,
    streams: ExecStreams,
) -> Result<i32, ContainersError> {
    let name = spec.command.first().cloned().unwrap_or_default();
    let not_executed = |error: std::io::Error| ContainersError::NotExecuted {
        command: name.clone(),
        message: error.to_string(),
    };
    let folder = container.project.as_ref().and_then(|(_, folder)| folder.clone());
    let own = spec.working_directory.clone().filter(|own| *own != container.working_directory);
    let mut command = Command::new(&name);
    command
        .args(spec.command.iter().skip(1))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(container.environment.iter().filter(|(name, _)| name.as_str() != "PATH"))
        .envs(spec.environment.iter().cloned())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    if let Some(folder) = own.or(folder) {
        command.current_dir(folder);
    }
    if let Some(size) = spec.terminal {
        command.env("COLUMNS", size.columns.to_string()).env("LINES", size.rows.to_string());
    }
    let mut process = command.spawn().map_err(not_executed)?;
    let group = process.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let (stdin, stdout, stderr) =
        (process.stdin.take(), process.stdout.take(), process.stderr.take());
    let ExecStreams { mut input, output } = streams;
    let written = async {
        let out = pass(stdout, |bytes| output.out(bytes));
        let err = pass(stderr, |bytes| output.err(bytes));
        tokio::join!(out, err);
        process.wait().await
    };
    let status = tokio::select! {
        status = written => status,
        never = feed(stdin, group, &mut input) => match never {},
    };
    Ok(status.map_err(not_executed)?.code().unwrap_or(130))
}

async fn feed(
    mut stdin: Option<ChildStdin>,
    group: Option<Pid>,
    input: &mut mpsc::Receiver<ExecInput>,
) -> Infallible {
    while let Some(piece) = input.recv().await {
        match (piece, &mut stdin) {
            (ExecInput::Bytes(bytes), _) if bytes.is_empty() => stdin = None,
            (ExecInput::Bytes(bytes), Some(open)) => {
                let _ = open.write_all(&bytes).await;
            }
            (ExecInput::Interrupt, _) => {
                let _ = group.map(|group| kill_process_group(group, Signal::INT));
            }
            (ExecInput::Bytes(_) | ExecInput::Resized(_), _) => {}
        }
    }
    drop(stdin);
    std::future::pending().await
}

async fn pass(from: Option<impl AsyncRead + Unpin>, to: impl Fn(&[u8]) -> std::io::Result<()>) {
    let Some(mut from) = from else { return };
    let mut piece = vec![0; 8192];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        if to(piece.get(..read).unwrap_or_default()).is_err() {
            return;
        }
    }
}
