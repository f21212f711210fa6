//! Progress: one live line per phase on a terminal, one plain line per phase
//! elsewhere.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer::{Printer, to_stderr};
use super::sanitize::sanitize;
use super::terminal;
use crate::domain::Reporter;

/// Reports to standard error.
pub struct Progress {
    live: bool,
    notes: bool,
    phase: Mutex<Option<Phase>>,
}

struct Phase {
    name: String,
    begin: Instant,
    bar: Option<ProgressBar>,
    last_note: String,
}

impl Progress {
    /// For the streams of `printer`. Notes are shown on a terminal, elsewhere
    /// only with `-v`.
    #[must_use]
    pub fn new(printer: &Printer) -> Self {
        Self { live: terminal::live(), notes: printer.verbose() > 0, phase: Mutex::new(None) }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Option<Phase>) -> T) -> T {
        work(&mut self.phase.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn end(&self, phase: &mut Option<Phase>) {
        let Some(ended) = phase.take() else { return };
        if let Some(bar) = ended.bar {
            bar.finish_and_clear();
            let seconds = ended.begin.elapsed().as_secs_f64();
            to_stderr(&format!("{}  {seconds:.1} s", ended.name));
        }
    }
}

fn bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let ticks = if terminal::unicode() { "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ " } else { "-\\|/ " };
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg:.dim}")
    {
        bar.set_style(style.tick_chars(ticks));
    }
    bar.set_prefix(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

impl Reporter for Progress {
    fn phase(&self, name: &str) {
        let name = sanitize(name);
        self.with(|phase| {
            self.end(phase);
            if !self.live {
                to_stderr(&name);
            }
            let bar = self.live.then(|| bar(&name));
            *phase = Some(Phase { name, begin: Instant::now(), bar, last_note: String::new() });
        });
    }

    fn amount(&self, done: u64, total: u64, unit: &str) {
        let text = match unit {
            "bytes" => format!("{} of {} MB", done / 1_000_000, total.div_ceil(1_000_000)),
            unit => format!("{done} of {total} {}", sanitize(unit)),
        };
        self.with(|phase| {
            if let Some(bar) = phase.as_ref().and_then(|phase| phase.bar.as_ref()) {
                bar.set_message(text);
            }
        });
    }

    fn note(&self, text: &str) {
        let text = sanitize(text);
        self.with(|phase| {
            let Some(phase) = phase else { return };
            match &phase.bar {
                Some(bar) => bar.set_message(text),
                None if self.notes && phase.last_note != text => {
                    to_stderr(&format!("  {text}"));
                    phase.last_note = text;
                }
                None => {}
            }
        });
    }

    fn message(&self, text: &str) {
        let text = sanitize(text);
        self.with(|phase| match phase.as_ref().and_then(|phase| phase.bar.as_ref()) {
            Some(bar) => bar.suspend(|| to_stderr(&text)),
            None => to_stderr(&text),
        });
    }

    fn finish(&self) {
        self.with(|phase| self.end(phase));
    }
}
