//! The finished program, run as its user runs it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// `renku` in one folder, with an environment.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    binary: PathBuf,
    folder: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

/// What is needed of a session that `renku session start --format json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Session {
    pub(crate) name: String,
    /// Where it opens, token included.
    pub(crate) url: String,
    /// The image it runs.
    pub(crate) image: String,
}

#[derive(Deserialize)]
struct Started {
    session: Session,
}

impl Program {
    /// The program that was built at `binary`, standing in `folder`.
    pub(crate) fn new(binary: &Path, folder: &Path) -> Self {
        let (binary, folder) = (binary.to_owned(), folder.to_owned());
        Self { binary, folder, environment: Vec::new() }
    }

    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// `renku session` with these arguments, not run yet. It never asks.
    pub(crate) fn session(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&["session"]);
        command.args(arguments);
        command
    }

    /// `renku` with these arguments, not run yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end. What it says goes to the terminal.
    ///
    /// # Errors
    ///
    /// When it cannot be run or fails.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<()> {
        let status = self.session(arguments).status().context("`renku` cannot be run")?;
        if !status.success() {
            bail!("`renku session {}` failed: {status}", arguments.join(" "));
        }
        Ok(())
    }

    /// Starts a session, with more arguments for `start`. Its progress goes to the
    /// terminal.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) fn start(&self, arguments: &[&str]) -> Result<Session> {
        let output = self
            .session(&["start", "--yes", "--format", "json"])
            .args(arguments)
            .stderr(Stdio::inherit())
            .output()
            .context("`renku` cannot be run")?;
        if !output.status.success() {
            bail!("`renku session start` failed: {}", output.status);
        }
        started(&output.stdout)
    }
}

/// Reads the version 1 format of `start`.
pub(crate) fn started(json: &[u8]) -> Result<Session> {
    let started: Started = serde_json::from_slice(json)
        .context("`renku session start` did not print a session with a name, URL and image")?;
    Ok(started.session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_started_session_is_read() {
        let json =
            br#"{"version":1,"session":{"name":"a-b","url":"http://x/","image":"i","new":1}}"#;
        let session = Session { name: "a-b".into(), url: "http://x/".into(), image: "i".into() };
        assert_eq!(started(json).unwrap(), session);
        assert_eq!(
            started(b"{}").unwrap_err().to_string(),
            "`renku session start` did not print a session with a name, URL and image"
        );
    }
}
