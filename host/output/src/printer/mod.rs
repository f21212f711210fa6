//! The one place where commands print: results to standard output, everything
//! else to standard error.

mod images;
mod sessions;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::data::Data;
use super::document::{Content, Yaml, render, render_piece};
use super::errors::{Look, Report};
use super::findings::{self, Finding};
use super::format::Format;
use super::pulled::Pulled;
use super::screen::Screen;
use super::settings::{self, SettingRow};
use super::warning::Warning;
use crate::domain::{Diagnostic, ExitStatus, sanitize, sanitize_lines};

/// Prints what a command found and did.
pub struct Printer {
    format: Format,
    verbose: bool,
    yaml: Yaml,
    data: Data,
    screen: Arc<Screen>,
    /// Whether the result is that there are problems.
    problems: AtomicBool,
}

impl Printer {
    /// For the streams of this process. `verbose` counts the `-v`.
    #[must_use]
    pub fn new(format: Format, verbose: u8, yaml: Yaml) -> Self {
        Self::to(format, verbose, yaml, Data::standard(), Screen::standard())
    }

    pub(super) fn to(
        format: Format,
        verbose: u8,
        yaml: Yaml,
        data: Data,
        screen: Arc<Screen>,
    ) -> Self {
        let problems = AtomicBool::new(false);
        Self { format, verbose: verbose > 0, yaml, data, screen, problems }
    }

    /// Standard output for a stream of bytes, such as a log.
    #[must_use]
    pub fn data(&self) -> Data {
        self.data.clone()
    }

    /// Every setting, with who set it.
    pub fn settings(&self, rows: &[SettingRow]) {
        let rows: Vec<SettingRow> = rows.iter().map(SettingRow::harmless).collect();
        self.result(Content::Settings { settings: &rows }, |format| match format {
            Format::Tsv => settings::tsv(&rows),
            _ => settings::table(&rows),
        });
    }

    /// One setting: its value alone, for people.
    pub fn setting(&self, row: &SettingRow) {
        let row = row.harmless();
        self.result(Content::Setting { setting: &row }, |_| {
            format!("{}\n", row.value.as_deref().unwrap_or_default())
        });
    }

    /// One setting that was changed; for people a message.
    pub fn setting_changed(&self, row: &SettingRow, message: &str) {
        let row = row.harmless();
        if !self.result(Content::Setting { setting: &row }, |_| String::new()) {
            self.message(message);
        }
    }

    /// A provider that did not answer.
    pub(super) fn warn(&self, warning: &Warning) {
        self.screen.lines(&warning.text(self.screen.look()));
    }

    /// Providers that cannot be asked, where no list follows.
    pub fn warnings(&self, warnings: &[Warning]) {
        warnings.iter().for_each(|warning| self.warn(warning));
    }

    /// What `doctor` found. With a problem among it the exit status is that of a
    /// failure.
    pub fn findings(&self, found: &[Finding]) {
        if found.iter().any(Finding::is_problem) {
            self.is_a_problem();
        }
        self.result(Content::Findings { findings: found }, |format| match format {
            Format::Tsv => findings::tsv(found),
            _ => findings::lines(found, self.data.style),
        });
    }

    /// What was printed says that something is wrong: the exit status is that of a
    /// failure.
    pub fn is_a_problem(&self) {
        self.problems.store(true, Ordering::Relaxed);
    }

    /// What came back from a session: one line a file.
    pub fn pulled(&self, pulled: &Pulled) {
        let is_document =
            self.result(Content::Pulled { pulled }, |_| sanitize_lines(&pulled.lines()));
        if !is_document {
            self.screen.lines(&sanitize(&pulled.sentence()));
        }
    }

    /// Any other result: for programs `value` under `key`, for people the text.
    pub fn answer<T: serde::Serialize>(
        &self,
        key: &'static str,
        value: &T,
        people: impl FnOnce(Format) -> String,
    ) {
        // Keys are strings and numbers finite in everything we print.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.result(Content::Named([(key, value)].into()), people);
    }

    /// A message on standard error.
    pub fn message(&self, text: &str) {
        self.screen.lines(&sanitize_lines(text));
    }

    /// Something went wrong and the command goes on.
    pub fn warning(&self, error: &dyn Diagnostic) {
        self.screen.lines(&Report::new(error).as_warning(self.screen.look()));
    }

    /// The command failed: the error on standard error and, in a format for
    /// programs, as a document on standard output.
    ///
    /// Returns the exit status to end with.
    pub fn error(&self, error: &dyn Diagnostic) -> ExitStatus {
        let report = Report::new(error);
        self.failed();
        self.screen.unhide();
        self.screen.lines(&report.as_error(self.screen.look()));
        if let Some(document) = self.document(Content::Error { error: &report }) {
            self.data.text(&document);
        }
        error.exit_status()
    }

    /// The user ended what goes on by Ctrl-C, and a terminal has written `^C` where
    /// the cursor was: what the shell writes next begins a line of its own.
    pub fn interrupted(&self) {
        if self.data.style.terminal {
            self.data.text("\n");
        } else if self.screen.style.terminal {
            self.screen.lines("");
        }
    }

    /// The phase that was shown last did not go well. Said before another phase
    /// (cleaning up) begins; [`Self::error`] says it too.
    pub fn failed(&self) {
        self.screen.blame();
    }

    /// The exit status of a command that did its work: a failure when its result
    /// could not be written, or was that there are problems. A reader that went away is no failure.
    #[must_use]
    pub fn outcome(&self) -> ExitStatus {
        self.screen.settle();
        match self.data.failure() {
            None if self.problems.load(Ordering::Relaxed) => ExitStatus::Failure,
            None => ExitStatus::Success,
            Some(kind) => {
                let label = self.screen.style.error("error:");
                self.screen.lines(&format!("{label} cannot write the result\n  {kind}"));
                ExitStatus::Failure
            }
        }
    }

    pub(super) fn screen(&self) -> &Arc<Screen> {
        &self.screen
    }

    pub(super) fn verbose(&self) -> bool {
        self.verbose
    }

    fn document(&self, content: Content<'_>) -> Option<String> {
        render(self.format, content, self.yaml)
    }

    /// The same in one piece of a stream.
    pub(super) fn piece(&self, content: Content<'_>) -> Option<String> {
        render_piece(self.format, content, self.yaml)
    }

    /// Prints a result; true when it was a document for programs.
    fn result(&self, content: Content<'_>, people: impl FnOnce(Format) -> String) -> bool {
        self.screen.settle();
        let document = self.document(content);
        let is_document = document.is_some();
        self.data.text(&document.unwrap_or_else(|| people(self.format)));
        is_document
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    pub(super) fn data_is_terminal(&self) -> bool {
        self.data.style.terminal
    }

    /// For what is written to standard output.
    pub(super) fn data_look(&self) -> Look {
        Look { style: self.data.style, width: self.width().map(usize::from) }
    }

    /// Columns of the terminal that standard output is.
    pub(super) fn width(&self) -> Option<u16> {
        if !self.data.style.terminal {
            return None;
        }
        console::Term::stdout().size_checked().map(|(_rows, columns)| columns)
    }

    /// Rows and columns of that terminal; what is usual when it does not say.
    pub(super) fn size(&self) -> (u16, u16) {
        console::Term::stdout().size_checked().unwrap_or((24, 80))
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.screen.settle();
        self.screen.unhide();
    }
}

#[cfg(test)]
mod tests;
