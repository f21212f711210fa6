//! The one place where commands print: results to standard output, everything
//! else to standard error.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::tz::TimeZone;

use super::amount;
use super::data::Data;
use super::document::{Content, ImageRow, Yaml, render, render_piece};
use super::errors::{Look, Report};
use super::findings::{self, Finding};
use super::format::Format;
use super::pulled::Pulled;
use super::screen::Screen;
use super::sessions;
use super::settings::{self, SettingRow};
use super::view::View;
use super::warning::Warning;
use crate::domain::{
    Diagnostic, ExitStatus, ImageState, Session, SessionStatus, is_plain_name, sanitize,
    sanitize_lines,
};

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

    /// One session that was started: its name and URL on one line. `provider` is
    /// what the user must repeat to reach it (` -p FILE`), else empty.
    pub fn session(&self, session: &Session, provider: &str) {
        let session = sessions::harmless(session.clone());
        let is_document =
            self.result(Content::Session { session: &session }, |format| match format {
                Format::Tsv => sessions::tsv(std::slice::from_ref(&session), &View::default()),
                Format::Log => sessions::log(std::slice::from_ref(&session)),
                _ => sessions::line(&session),
            });
        if is_document || self.format == Format::Tsv || !is_plain_name(&session.name) {
            return;
        }
        let (name, provider) = (&session.name, sanitize(provider));
        if session.status == SessionStatus::Failed {
            self.screen.lines(&format!(
                "Session `{name}` has failed; `renku session logs{provider} {name}` shows why, `renku session stop{provider} {name}` removes it"
            ));
            return;
        }
        let verb = match session.status {
            SessionStatus::Running => "runs",
            _ => "is starting",
        };
        self.screen.lines(&format!(
            "Session `{name}` {verb}; `renku session open{provider} {name}` opens it, `renku session stop{provider} {name}` stops it"
        ));
    }

    /// The sessions there are, the oldest first, and the providers that could
    /// not answer: those are on standard error, and in a document.
    pub fn sessions(&self, found: Vec<Session>, warnings: &[Warning], view: &View) {
        let mut found: Vec<_> = found.into_iter().map(sessions::harmless).collect();
        sessions::sort(&mut found);
        let content = Content::Sessions { sessions: &found, warnings };
        let mut is_data = view.names_only || self.format == Format::Tsv;
        if view.names_only {
            self.screen.settle();
            self.data.text(&sessions::names(&found));
        } else {
            is_data |= self.result(content, |format| match format {
                Format::Tsv => sessions::tsv(&found, view),
                Format::Log => sessions::log(&found),
                _ if found.is_empty() => String::new(),
                _ => sessions::table(&found, view, self.width(), &local_zone()),
            });
        }
        // Who did not answer may have some.
        if found.is_empty() && warnings.is_empty() && !is_data {
            self.screen.lines(view.nothing());
        }
        self.warnings(warnings);
    }

    /// A session that exists and was changed; for people a message.
    pub fn changed(&self, session: &Session, message: &str) {
        let session = sessions::harmless(session.clone());
        if !self.result(Content::Session { session: &session }, |_| String::new()) {
            self.message(message);
        }
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

    /// The sessions that are gone now; with none, says that there were none.
    pub fn stopped(&self, stopped: Vec<Session>) {
        let gone = |session: Session| Session {
            status: SessionStatus::Stopped,
            url: None,
            ports: Vec::new(),
            ..sessions::harmless(session)
        };
        let mut stopped: Vec<_> = stopped.into_iter().map(gone).collect();
        sessions::sort(&mut stopped);
        let content = Content::Sessions { sessions: &stopped, warnings: &[] };
        let is_document = self.result(content, |format| match format {
            Format::Tsv => stopped.iter().map(|session| format!("{}\n", session.name)).collect(),
            // The names of what is gone are no data to go on with.
            _ => String::new(),
        });
        if is_document {
            return;
        }
        if stopped.is_empty() {
            self.screen.lines("This project has no sessions to stop");
        }
        for session in stopped.iter().filter(|_| self.format != Format::Tsv) {
            self.screen.lines(&format!("Stopped `{}`", session.name));
        }
    }

    /// The name of an image: for people it alone, for programs also where it is.
    pub fn image(&self, name: &str, state: Option<ImageState>) {
        let name = sanitize(name);
        self.result(Content::Image { image: ImageRow { name: &name, state } }, |format| {
            match (format, state) {
                (Format::Tsv, Some(state)) => format!("{name}\t{}\n", state.as_str()),
                _ => format!("{name}\n"),
            }
        });
    }

    /// The images that are gone now, how many bytes that freed, and how many the builder
    /// keeps for itself until `prune_builder` is typed.
    pub fn pruned(
        &self,
        names: &[String],
        freed_bytes: u64,
        builder_cache_bytes: Option<u64>,
        prune_builder: Option<&str>,
    ) {
        let images: Vec<String> = names.iter().map(|name| sanitize(name)).collect();
        let content = Content::Pruned { images: &images, freed_bytes, builder_cache_bytes };
        let is_document = self.result(content, |format| match format {
            Format::Tsv => images.iter().map(|name| format!("{name}\n")).collect(),
            _ => String::new(),
        });
        if is_document {
            return;
        }
        if images.is_empty() {
            self.screen.lines("This project has no unused images");
            return;
        }
        for name in &images {
            self.screen.lines(&format!("Removed `{name}`"));
        }
        let amount = |bytes| amount::describe(bytes, 0, "bytes");
        let kept = builder_cache_bytes.unwrap_or(0);
        if freed_bytes > 0 {
            let freed = amount(freed_bytes);
            self.screen.lines(&format!("{freed} of disk space are free again"));
        } else if kept == 0 {
            self.screen.lines("No disk space is free yet: other images use their layers");
        }
        if kept > 0 {
            let kept = amount(kept);
            let frees = prune_builder
                .map(|command| format!("; `{command}` frees that"))
                .unwrap_or_default();
            self.screen.lines(&format!(
                "The builder keeps {kept} for the next builds of all projects, also layers of \
                 images that are gone{frees}"
            ));
        }
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

    /// Where a session opens: for people the URL alone, ready to be copied.
    pub fn url(&self, session: &Session) {
        let session = sessions::harmless(session.clone());
        self.result(Content::Session { session: &session }, |_| {
            format!("{}\n", session.url.as_deref().unwrap_or_default())
        });
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

/// The zone of this machine. Without `TZ` it is in one file (localtime(5)); asking
/// for it by name would read the whole directory of zones first.
pub(super) fn local_zone() -> TimeZone {
    if std::env::var_os("TZ").is_none()
        && let Ok(rules) = std::fs::read("/etc/localtime")
        && let Ok(zone) = TimeZone::tzif("Local", &rules)
    {
        return zone;
    }
    TimeZone::system()
}
