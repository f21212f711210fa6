//! What every runtime is tried and started by.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::domain::programs::program;

/// A box that was started.
pub(crate) struct Begun {
    /// The runtime. When it ends, everything in the box does.
    pub(crate) child: Child,
    pub(crate) way: Way,
}

/// How a signal reaches the program of a box.
pub(crate) enum Way {
    /// The runtime passes it on.
    PassedOn,
    /// The program is the child of the first process in the box, which the runtime reports.
    Reported(io::PipeReader),
    /// The same, and the first process is the child of the runtime.
    Below,
}

impl Begun {
    /// Starts a runtime in a group of processes of its own.
    pub(super) fn spawn(
        mut command: Command,
        output: io::PipeWriter,
        way: Way,
    ) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.process_group(0).kill_on_drop(true).spawn()?;
        Ok(Self { child, way })
    }
}

/// A runtime by its name, as every program is started; it begins with nothing of our
/// environment but where programs are.
pub(super) fn command(name: &str) -> Command {
    let mut command = program(name);
    let search = command.get_envs().find(|(variable, _)| *variable == "PATH");
    let search = search.and_then(|(_, value)| value).map(ToOwned::to_owned);
    command.env_clear();
    if let Some(search) = search.or_else(|| std::env::var_os("PATH")) {
        command.env("PATH", search);
    }
    Command::from(command)
}

/// How long a runtime may take to be tried.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a command to its end. Its output, or why it failed in its own words.
pub(super) async fn tried(command: &mut Command) -> Result<String, String> {
    let output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output()).await;
    let output = output.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "it is not installed".to_owned(),
        io::ErrorKind::TimedOut => format!("it did not end within {} s", PATIENCE.as_secs()),
        _ => error.to_string(),
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match (output.status.success(), text(&output.stderr)) {
        (true, _) => Ok(text(&output.stdout)),
        (false, reason) if reason.is_empty() => Err(format!("it ended with {}", output.status)),
        (false, reason) => Err(reason),
    }
}
