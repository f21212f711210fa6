//! Progress of long work: a live line on a terminal, plain lines elsewhere.

use std::sync::Arc;

use super::amount::describe;
use super::printer::Printer;
use super::screen::Screen;
use crate::domain::{Reporter, Said, sanitize, sanitize_lines};

/// Shows progress on standard error.
///
/// On a terminal the current phase is one line with the time it takes, and what
/// is over stays as `✓ Building image  12.3 s` (`✗` when an error follows).
/// Elsewhere every phase is one plain line when it begins. Details of a phase
/// (what a build says) stay only with `-v`.
pub struct Progress {
    screen: Arc<Screen>,
    verbose: bool,
}

impl Progress {
    /// Beside the messages of `printer`.
    #[must_use]
    pub fn new(printer: &Printer) -> Self {
        Self { screen: Arc::clone(printer.screen()), verbose: printer.verbose() }
    }
}

impl Reporter for Progress {
    fn phase(&self, name: &str) {
        self.screen.begin(&sanitize(name));
    }

    fn amount(&self, done: u64, total: u64, unit: &str) {
        self.screen.amount(describe(done, total, unit));
    }

    fn note(&self, text: &str) {
        let note = sanitize(text);
        if self.screen.note(&note) && self.verbose && !note.trim().is_empty() {
            self.screen.lines(&format!("  {note}"));
        }
    }

    fn message(&self, text: &str) {
        self.screen.lines(&sanitize_lines(text));
    }

    fn finish(&self) {
        self.screen.end();
    }

    fn said(&self, speaker: &str, said: Said<'_>) {
        let voice = self.screen.voice(speaker);
        match said {
            Said::Phase(name) => self.screen.begin(&voice.row(name)),
            Said::Amount { done, total, unit } => {
                self.screen.amount(voice.row(&describe(done, total, unit)));
            }
            Said::Note(text) => {
                let note = sanitize(text);
                let is_new = self.screen.note(&voice.row(&note));
                if is_new && self.verbose && !note.trim().is_empty() {
                    self.screen.lines(&format!("  {}", voice.rows(&note, 2, 2)));
                }
            }
            Said::Message(text) => self.screen.lines(&voice.rows(text, 0, 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::style::Style;
    use crate::testing::{Recorded, printer};

    fn on(style: Style, verbose: bool) -> (Progress, Recorded) {
        let recorded = Recorded::default();
        let screen = Arc::new(Screen::new(Box::new(recorded.clone()), style));
        (Progress { screen, verbose }, recorded)
    }

    fn a_start(progress: &Progress) {
        progress.phase("Building image");
        progress.amount(1, 3, "steps");
        progress.note("RUN pip install\u{1b}[2J");
        progress.note("RUN pip install");
        progress.message("nearly done");
        progress.phase("Waiting for the session");
        progress.finish();
        progress.finish();
    }

    /// Seconds differ from run to run.
    fn without_seconds(text: &str) -> String {
        regex_lite::Regex::new(r"[0-9]+\.[0-9] s").unwrap().replace_all(text, "N s").into_owned()
    }

    #[test]
    fn elsewhere_than_on_a_terminal_a_phase_is_one_plain_line() {
        let (progress, recorded) = on(Style::PLAIN, false);
        a_start(&progress);
        progress.screen.settle();
        assert_eq!(recorded.text(), "Building image\nnearly done\nWaiting for the session\n");
    }

    #[test]
    fn details_stay_only_when_asked_for_and_once() {
        let (progress, recorded) = on(Style::PLAIN, true);
        a_start(&progress);
        assert_eq!(
            recorded.text(),
            "Building image\n  RUN pip install\nnearly done\nWaiting for the session\n"
        );
    }

    #[test]
    fn on_a_terminal_finished_phases_stay_with_their_time() {
        let (progress, recorded) =
            on(Style { terminal: true, colour: false, unicode: true }, false);
        a_start(&progress);
        progress.screen.settle();
        assert_eq!(
            without_seconds(&recorded.text()),
            "nearly done\n✓ Building image  N s\n✓ Waiting for the session  N s\n"
        );
    }

    #[test]
    fn a_phase_that_failed_is_never_ticked_off() {
        let (progress, recorded) =
            on(Style { terminal: true, colour: false, unicode: false }, false);
        a_start(&progress);
        progress.screen.blame();
        progress.phase("Cleaning up");
        progress.finish();
        progress.screen.blame();
        assert_eq!(
            without_seconds(&recorded.text()),
            "nearly done\n+ Building image  N s\nx Waiting for the session  N s\n+ Cleaning up  N s\n"
        );
    }

    #[test]
    fn bytes_are_shown_as_megabytes() {
        assert_eq!(describe(12_345_678, 45_600_000, "bytes"), "12.3 of 45.6 MB");
        assert_eq!(describe(999, 0, "bytes"), "0.0 MB");
        assert_eq!(describe(3, 7, "steps"), "3 of 7 steps");
    }

    #[test]
    fn progress_shares_the_screen_of_the_printer() {
        let (printer, out, err) = printer(Format::Table);
        let progress = Progress::new(&printer);
        progress.phase("Stopping analysis");
        printer.message("a message");
        assert_eq!(
            (out.text(), err.text()),
            (String::new(), "Stopping analysis\na message\n".into())
        );
    }
}
