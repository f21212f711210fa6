//! What every runtime is tried and started by.

use std::io;

use tokio::process::{Child, Command};

use crate::domain::programs::program;

/// A box that was started.
pub(crate) struct Begun {
    /// The runtime. When it ends, everything in the box does.
    pub(crate) child: Child,
    /// What reports the first process in the box.
    pub(crate) report: io::PipeReader,
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

/// Runs a command to its end. Its output, or why it failed in its own words.
pub(super) async fn tried(command: &mut Command) -> Result<String, String> {
    let output = command.output().await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "it is not installed".to_owned(),
        _ => error.to_string(),
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match (output.status.success(), text(&output.stderr)) {
        (true, _) => Ok(text(&output.stdout)),
        (false, reason) if reason.is_empty() => Err(format!("it ended with {}", output.status)),
        (false, reason) => Err(reason),
    }
}
