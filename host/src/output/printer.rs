//! The only place that writes to standard output and standard error (beside
//! progress, which owns the live line).

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde::Serialize;

use super::errors::{self, Document};
use super::format::Format;
use super::sanitize::sanitize;
use super::sessions::{self, Many, One, Warning};
use super::terminal;
use crate::domain::{Diagnostic, ExitStatus, Session, SessionStatus};

/// Prints results and messages in the format the user chose.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    format: Format,
    verbose: u8,
    colour: bool,
}

/// Standard output for bytes that are not ours to format: logs of a session.
#[derive(Debug, Clone, Copy)]
pub struct Data {
    terminal: bool,
}

impl Printer {
    /// A printer for this process's streams.
    #[must_use]
    pub fn new(format: Format, verbose: u8) -> Self {
        Self { format, verbose, colour: terminal::colour() }
    }

    /// How often `-v` was given.
    #[must_use]
    pub fn verbose(&self) -> u8 {
        self.verbose
    }

    /// A message for the person at the terminal.
    pub fn message(&self, text: &str) {
        to_stderr(&sanitize(text));
    }

    /// A failure that does not end the command.
    pub fn warning(&self, error: &dyn Diagnostic) {
        to_stderr(&errors::human("warning", error, self.colour));
    }

    /// The failure that ends the command. Programs get it on standard output.
    #[must_use]
    pub fn error(&self, error: &dyn Diagnostic) -> ExitStatus {
        if let Some(document) = self.format.document(&Document::of(error)) {
            to_stdout(&document);
        }
        to_stderr(&errors::human("error", error, self.colour));
        error.exit_status()
    }

    fn document_or(&self, document: &impl Serialize, other: impl FnOnce()) {
        match self.format.document(document) {
            Some(text) => to_stdout(&text),
            None => other(),
        }
    }

    /// The sessions of `ls`, and who could not be asked.
    pub fn sessions(&self, mut all: Vec<Session>, warnings: &[Warning]) {
        sessions::sort(&mut all);
        self.document_or(&Many::of(&all, warnings), || match self.format {
            Format::Tsv if all.is_empty() => {}
            Format::Tsv => to_stdout(&sessions::tsv(&all)),
            // Who did not answer may have some.
            _ if all.is_empty() && !warnings.is_empty() => {}
            _ if all.is_empty() => {
                to_stderr("This project has no sessions; `renku session start` starts one");
            }
            _ => to_stdout(&sessions::table(&all, terminal::width(), &TimeZone::system())),
        });
        for warning in warnings {
            to_stderr(&warning.human());
        }
    }

    /// The session that was started: name and URL on one line. `provider` is what
    /// the user must repeat to reach it (` -p FILE`), else empty.
    pub fn session(&self, session: &Session, provider: &str) {
        self.document_or(&One::of(session), || {
            if self.format == Format::Tsv {
                return to_stdout(&sessions::tsv(std::slice::from_ref(session)));
            }
            let name = sanitize(&session.name);
            match &session.url {
                Some(url) => to_stdout(&format!("{name}  {}", sanitize(url))),
                None => to_stdout(&name),
            }
            let verb = match session.status {
                SessionStatus::Running => "runs",
                _ => "is starting",
            };
            to_stderr(&format!(
                "Session `{name}` {verb}; `renku session open{provider} {name}` opens it, `renku session stop{provider} {name}` stops it"
            ));
        });
    }

    /// The sessions that were stopped.
    pub fn stopped(&self, mut all: Vec<Session>) {
        sessions::sort(&mut all);
        for session in &mut all {
            session.status = SessionStatus::Stopped;
            session.url = None;
            session.ports.clear();
        }
        self.document_or(&Many::of(&all, &[]), || {
            if all.is_empty() {
                to_stderr("This project has no sessions to stop");
            }
            for session in &all {
                match self.format {
                    Format::Tsv => to_stdout(&sanitize(&session.name)),
                    _ => to_stderr(&format!("Stopped `{}`", sanitize(&session.name))),
                }
            }
        });
    }

    /// Where a session opens.
    pub fn url(&self, session: &Session) {
        self.document_or(&One::of(session), || {
            to_stdout(&sanitize(session.url.as_deref().unwrap_or_default()));
        });
    }

    /// Standard output, for bytes of a session.
    #[must_use]
    pub fn data(&self) -> Data {
        Data { terminal: terminal::stdout() }
    }
}

impl Data {
    /// Writes what a session printed; on a terminal without control characters
    /// other than line ends and tabs.
    ///
    /// # Errors
    ///
    /// When nobody reads any more.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        if self.terminal {
            let text: String = String::from_utf8_lossy(bytes)
                .chars()
                .filter(|character| !character.is_control() || matches!(character, '\n' | '\t'))
                .collect();
            stdout.write_all(text.as_bytes())?;
        } else {
            stdout.write_all(bytes)?;
        }
        stdout.flush()
    }
}

/// A reader that went away (`| head`) is no failure of ours.
fn to_stdout(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

pub(super) fn to_stderr(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
