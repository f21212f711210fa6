//! The `dockerd` that a task starts in the background, and its record: process
//! and start time in `xtask/dockerd.pid` of the target directory, log in
//! `xtask/dockerd.log`.
//! The start time keeps a recycled process number from being taken for ours.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal};
use xtask_common::{in_target, shell};

use super::endpoint;

/// A first start creates networks and databases; it takes 2–5 s on a slow machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// `dockerd` gives containers 15 s to end before it ends itself.
const STOP_TIMEOUT: Duration = Duration::from_secs(40);
/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(50);
/// Lines of the log to show when it did not start.
const LOG_LINES: usize = 15;

/// Where the engine started from a workspace is recorded.
#[derive(Debug)]
pub(super) struct Record {
    directory: PathBuf,
}

impl Record {
    /// The record of this workspace; touches nothing.
    pub(super) fn new() -> Result<Self> {
        Ok(Self { directory: in_target("xtask")? })
    }

    /// Starts `dockerd` in a session of its own, so that it outlives this program
    /// and its terminal, and waits until it answers.
    ///
    /// # Errors
    ///
    /// When it ends or does not answer in time; shows the end of its log.
    pub(super) fn start(&self) -> Result<()> {
        fs::create_dir_all(&self.directory)
            .with_context(|| format!("`{}` cannot be created", self.directory.display()))?;
        let log = fs::File::create(self.log_file())?;
        // As a child that leads no process group, `setsid` becomes `dockerd` itself.
        let mut command = Command::new("setsid");
        command.arg("dockerd").stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        shell::say(&format!("starting `dockerd` (log: {})", self.log_file().display()));
        let mut child = command.spawn().context("`setsid dockerd` cannot be run")?;
        let pid = i32::try_from(child.id())?;
        let since = start_time(pid).context("`dockerd` ended at once")?;
        fs::write(self.pid_file(), format!("{pid} {since}\n"))?;
        let deadline = Instant::now() + START_TIMEOUT;
        while endpoint::reachable().is_none() {
            let ended = child.try_wait()?;
            if ended.is_some() || Instant::now() > deadline {
                let end = self.log_end();
                self.stop()?;
                let what =
                    ended.map_or("does not answer".to_owned(), |status| format!("ended: {status}"));
                bail!(
                    "`dockerd` {what}; the end of its log, `{}`:\n{end}",
                    self.log_file().display()
                );
            }
            std::thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// The recorded process, if that very one still runs.
    pub(super) fn running(&self) -> Option<i32> {
        let text = fs::read_to_string(self.pid_file()).ok()?;
        let (pid, since) = text.trim().split_once(' ')?;
        let pid = pid.parse().ok()?;
        (start_time(pid)? == since).then_some(pid)
    }

    /// Ends the recorded process and waits for its end; gives whether there was one.
    ///
    /// # Errors
    ///
    /// When it may not be ended, or does not end in time.
    pub(super) fn stop(&self) -> Result<bool> {
        let running = self.running();
        if let Some(pid) = running {
            let process = Pid::from_raw(pid).context("process number 0 is recorded")?;
            rustix::process::kill_process(process, Signal::TERM)
                .with_context(|| format!("`dockerd`, process {pid}, cannot be ended"))?;
            let deadline = Instant::now() + STOP_TIMEOUT;
            while self.running().is_some() {
                if Instant::now() > deadline {
                    bail!(
                        "`dockerd`, process {pid}, does not end (log: {})",
                        self.log_file().display()
                    );
                }
                std::thread::sleep(INTERVAL);
            }
        }
        match fs::remove_file(self.pid_file()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(running.is_some()),
        }
    }

    fn pid_file(&self) -> PathBuf {
        self.directory.join("dockerd.pid")
    }

    fn log_file(&self) -> PathBuf {
        self.directory.join("dockerd.log")
    }

    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.log_file()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(LOG_LINES);
        lines.get(from..).unwrap_or_default().join("\n")
    }
}

/// When a process started, in clock ticks since boot: field 22 of `/proc/PID/stat`
/// (proc(5)). `None` when there is none, or it has ended and waits to be reaped.
fn start_time(pid: i32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field, the program's name, may contain spaces and parentheses.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str) -> (tempfile::TempDir, Record) {
        let folder = tempfile::tempdir().unwrap();
        let record = Record { directory: folder.path().to_owned() };
        fs::write(record.pid_file(), text).unwrap();
        (folder, record)
    }

    #[test]
    fn stop_ends_the_recorded_process() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let (_folder, record) = recorded(&format!("{pid} {}\n", start_time(pid).unwrap()));
        assert!(record.stop().unwrap());
        assert_eq!(child.wait().unwrap().to_string(), "signal: 15 (SIGTERM)");
        assert!(!record.pid_file().exists());
    }

    #[test]
    fn stop_never_ends_a_process_that_only_has_the_recorded_number() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let (_folder, record) = recorded(&format!("{} 1\n", child.id()));
        assert!(!record.stop().unwrap());
        assert!(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn stop_without_a_record_does_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let record = Record { directory: folder.path().to_owned() };
        assert!(!record.stop().unwrap());
    }
}
