//! Quiet steps: one line and a time for each on the terminal, everything that the
//! programs they run print in a log, the end of the log when one fails.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// How much of the log is shown when a step fails.
const LINES: usize = 15;
/// How often a terminal shows how long the running steps have taken.
const TICK: Duration = Duration::from_secs(1);

static LOG: Mutex<Option<Log>> = Mutex::new(None);

/// Where output goes while steps are quiet.
struct Log {
    path: PathBuf,
    file: File,
    running: Vec<(String, Instant)>,
}

/// Steps are quiet until this is dropped.
#[derive(Debug)]
#[must_use = "steps are quiet only while this lives"]
pub struct Quiet(());

impl Drop for Quiet {
    fn drop(&mut self) {
        *log() = None;
    }
}

/// Makes the steps that follow quiet, and writes what they print to a new file.
///
/// # Errors
///
/// When the file cannot be made.
pub fn quiet(path: &Path) -> Result<Quiet> {
    let shown = || format!("the log `{}` cannot be written", path.display());
    std::fs::create_dir_all(path.parent().unwrap_or(path)).with_context(shown)?;
    File::create(path).with_context(shown)?;
    // Several programs write to it at the same time: each at its end.
    let file = OpenOptions::new().append(true).open(path).with_context(shown)?;
    *log() = Some(Log { path: path.to_owned(), file, running: Vec::new() });
    if std::io::stderr().is_terminal() {
        std::thread::spawn(|| {
            while show_running() {
                std::thread::sleep(TICK);
            }
        });
    }
    Ok(Quiet(()))
}

/// Does `work`, and prints `✓ name  14 s` when steps are quiet. Steps may run at the
/// same time.
///
/// # Errors
///
/// Those of `work`; the end of the log was printed then.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let begin = Instant::now();
    let from = begun(name, begin)?;
    let result = work();
    if let Some(log) = log().as_mut() {
        log.running.retain(|(running, _)| running != name);
        ended(log, name, begin.elapsed(), from, result.as_ref().err());
    }
    result
}

/// Notes a step, and gives the length of the log so far.
fn begun(name: &str, begin: Instant) -> Result<u64> {
    let Some(log) = &mut *log() else { return Ok(0) };
    log.running.push((name.to_owned(), begin));
    writeln!(log.file, "# {name}")?;
    Ok(log.file.metadata()?.len())
}

/// Prints what became of a step.
fn ended(log: &mut Log, name: &str, took: Duration, from: u64, error: Option<&anyhow::Error>) {
    let seconds = took.as_secs_f64();
    let time = if seconds < 10.0 { format!("{seconds:.1} s") } else { format!("{seconds:.0} s") };
    let mark = if error.is_none() { '✓' } else { '✗' };
    print(&format!("{mark} {name}  {time}"));
    if error.is_some() {
        for line in last_lines(&log.path, from) {
            print(&format!("  {line}"));
        }
        print(&format!("  the whole log: {}", log.path.display()));
    }
}

/// The last lines that were written to a log after its first `from` bytes.
fn last_lines(path: &Path, from: u64) -> Vec<String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut bytes)
    });
    // Without a log there is nothing to show, and the error itself follows.
    drop(read);
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let first = lines.len().saturating_sub(LINES);
    lines.into_iter().skip(first).map(str::to_owned).collect()
}

/// Writes a line to the log, or to standard error when there is none.
pub(crate) fn line(text: &str) {
    match log().as_mut() {
        // The log is beside the point when the disk is full.
        Some(log) => drop(writeln!(log.file, "{text}")),
        None => print(text),
    }
}

/// Where a program's output goes: into the log, else to where ours goes.
///
/// # Errors
///
/// When this process may not open more files.
pub fn stdio() -> Result<Stdio> {
    match &*log() {
        Some(log) => Ok(log.file.try_clone().context("the log")?.into()),
        None => Ok(Stdio::inherit()),
    }
}

/// Prints a line on standard error although steps are quiet.
pub fn print(text: &str) {
    let mut error = std::io::stderr();
    // `\r` and "erase to the end of the line": over what `show_running` wrote.
    let clear = if error.is_terminal() { "\r\x1b[K" } else { "" };
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(error, "{clear}{text}");
}

/// Shows the running steps on the last line of a terminal; gives whether steps are
/// quiet still.
fn show_running() -> bool {
    let Some(log) = &*log() else { return false };
    let running: Vec<String> = log
        .running
        .iter()
        .map(|(name, begin)| format!("{name} {} s", begin.elapsed().as_secs()))
        .collect();
    if !running.is_empty() {
        let _ = write!(std::io::stderr(), "\r\x1b[K  {}", running.join(", "));
    }
    true
}

fn log() -> MutexGuard<'static, Option<Log>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Held by tests that print: the log is one for the whole process.
#[cfg(test)]
pub(crate) static PRINTING: Mutex<()> = Mutex::new(());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    #[test]
    fn a_log_has_what_programs_print_and_its_end_is_shown_when_a_step_fails() {
        let _alone = PRINTING.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/log");
        let quiet = quiet(&path).unwrap();
        step("first", || shell::run(shell::command("echo").arg("one"))).unwrap();
        let failed = step("second", || {
            shell::run(shell::command("sh").args(["-c", "echo two; echo three >&2; exit 3"]))
        });
        assert_eq!(
            failed.unwrap_err().to_string(),
            "`sh -c 'echo two; echo three >&2; exit 3'` failed: exit status: 3"
        );
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "# first\n$ echo one\none\n# second\n\
             $ sh -c 'echo two; echo three >&2; exit 3'\ntwo\nthree\n"
        );
        let second = u64::try_from(text.find("$ sh").unwrap()).unwrap();
        assert_eq!(last_lines(&path, second).last().unwrap(), "three");
        assert!(!last_lines(&path, second).contains(&"one".to_owned()));
        drop(quiet);
        assert!(log().is_none());
    }
}
