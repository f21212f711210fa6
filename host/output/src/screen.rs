//! Standard error: messages, the live line of the current phase, questions.
//!
//! There is one standard error in a process and everybody writes to it, so this
//! is the one place that knows whether a line is being drawn there.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use super::errors::Look;
use super::live::Live;
use super::secret::Echo;
use super::style::Style;
use super::voice::{Voice, fitting};

/// Where a terminal does not say how wide it is.
const USUAL_COLUMNS: u16 = 80;

/// What stands beside the name of a phase: a mark, and the time it takes.
const LIVE_COLUMNS: usize = 14;

/// Standard error. Everything given to it is already harmless, see
/// [`crate::domain::sanitize()`].
pub(super) struct Screen {
    pub(super) style: Style,
    /// Columns of the terminal, which may change at any time.
    columns: fn() -> Option<u16>,
    state: Mutex<State>,
}

struct State {
    sink: Box<dyn Write + Send>,
    phase: Option<Phase>,
    /// A phase that is over, and not yet known to have gone well.
    ended: Option<(String, f64)>,
    /// A question waits for its answer on the current line.
    asking: bool,
    /// Typing is hidden.
    echo: Option<Echo>,
    /// The phase in which the command failed is marked already.
    blamed: bool,
}

struct Phase {
    name: String,
    started: Instant,
    /// How far it is, and the last detail.
    amount: String,
    note: String,
    /// Its line, on a terminal and while nothing is asked.
    live: Option<Live>,
}

impl Screen {
    /// The standard error of this process.
    pub(super) fn standard() -> Arc<Self> {
        static STANDARD: OnceLock<Arc<Screen>> = OnceLock::new();
        Arc::clone(
            STANDARD.get_or_init(|| {
                Arc::new(Self::new(Box::new(io::stderr()), Style::of(&io::stderr())))
            }),
        )
    }

    pub(super) fn new(sink: Box<dyn Write + Send>, style: Style) -> Self {
        let state =
            State { sink, phase: None, ended: None, asking: false, echo: None, blamed: false };
        Self { style, columns, state: Mutex::new(state) }
    }

    /// The same for a terminal of this width.
    #[cfg(test)]
    pub(super) fn with_columns(self, columns: fn() -> Option<u16>) -> Self {
        Self { columns, ..self }
    }

    /// How many columns a row has; none where nobody breaks lines.
    pub(super) fn width(&self) -> Option<usize> {
        self.style.terminal.then(|| (self.columns)().unwrap_or(USUAL_COLUMNS).into())
    }

    /// For what is written here.
    pub(super) fn look(&self) -> Look {
        Look { style: self.style, width: self.width() }
    }

    /// The provider that speaks here.
    pub(super) fn voice(&self, speaker: &str) -> Voice {
        Voice::new(speaker, self.width())
    }

    /// Writes lines that stay, above the live one.
    pub(super) fn lines(&self, text: &str) {
        self.lock().put(&format!("{text}\n"));
    }

    /// Begins a phase; the one before it went well.
    pub(super) fn begin(&self, name: &str) {
        // Beside it stand a mark and the time.
        let most = self.width().map_or(usize::MAX, |width| width.saturating_sub(LIVE_COLUMNS));
        let name = fitting(name, most);
        let name = name.as_ref();
        let mut state = self.lock();
        state.end();
        state.settle(self.style, true);
        if !self.style.terminal {
            state.put(&format!("{name}\n"));
        }
        let started = Instant::now();
        state.fresh_line();
        state.phase = Some(Phase {
            name: name.to_owned(),
            started,
            amount: String::new(),
            note: String::new(),
            live: self.style.terminal.then(|| Live::new(name, started, self.style)),
        });
    }

    /// How far the phase is.
    pub(super) fn amount(&self, amount: String) {
        self.lock().change(|phase| phase.amount = amount);
    }

    /// A detail; false when it is the one before it again.
    pub(super) fn note(&self, note: &str) -> bool {
        let mut state = self.lock();
        let is_new = state.phase.as_ref().is_none_or(|phase| phase.note != note);
        state.change(|phase| phase.note = note.to_owned());
        is_new
    }

    /// The phase is over. Whether it went well is not known before
    /// [`Self::settle`].
    pub(super) fn end(&self) {
        self.lock().end();
    }

    /// The phase that ended last went well: on a terminal its name stays with a
    /// mark and the seconds it took.
    pub(super) fn settle(&self) {
        let mut state = self.lock();
        state.end();
        state.settle(self.style, true);
    }

    /// The command failed in the phase that ended last. Said again it changes
    /// nothing: later phases cleaned up, and did go well.
    pub(super) fn blame(&self) {
        let mut state = self.lock();
        let blamed = std::mem::replace(&mut state.blamed, true);
        state.end();
        state.settle(self.style, blamed);
    }

    /// Writes a question and leaves the rest of its line to the user.
    pub(super) fn ask(&self, question: &str) {
        let mut state = self.lock();
        if let Some(phase) = &mut state.phase {
            phase.live = None;
        }
        state.put(question);
        state.asking = true;
    }

    /// Hides what is typed, until [`Self::answered`] or the end of the program.
    pub(super) fn hide(&self) -> io::Result<()> {
        self.lock().echo = Some(Echo::off()?);
        Ok(())
    }

    /// The question has its answer; `visible` when the user's own line break is
    /// on the screen.
    pub(super) fn answered(&self, visible: bool) {
        let mut state = self.lock();
        state.echo = None;
        if state.asking && visible {
            state.asking = false;
        }
        state.fresh_line();
        if let Some(phase) = &mut state.phase
            && self.style.terminal
        {
            phase.live = Some(Live::new(&phase.name, phase.started, self.style));
        }
    }

    /// Shows what is typed again, whatever became of the question.
    pub(super) fn unhide(&self) {
        self.lock().echo = None;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Columns of the terminal that standard error is.
fn columns() -> Option<u16> {
    console::Term::stderr().size_checked().map(|(_rows, columns)| columns)
}

impl State {
    /// Writes above the live line. Nobody is left to tell when this fails.
    fn put(&mut self, text: &str) {
        self.fresh_line();
        let sink = &mut self.sink;
        let mut write = || {
            let _ = sink.write_all(text.as_bytes()).and_then(|()| sink.flush());
        };
        match self.phase.as_ref().and_then(|phase| phase.live.as_ref()) {
            Some(live) => live.beside(write),
            None => write(),
        }
    }

    /// Leaves the line of a question that nobody answered.
    fn fresh_line(&mut self) {
        if std::mem::take(&mut self.asking) {
            let _ = self.sink.write_all(b"\n");
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Phase)) {
        let Some(phase) = &mut self.phase else { return };
        change(phase);
        if let Some(live) = &phase.live {
            live.show(&phase.amount, &phase.note);
        }
    }

    fn end(&mut self) {
        if let Some(phase) = self.phase.take() {
            // Its line is cleared when it is dropped.
            self.ended = Some((phase.name, phase.started.elapsed().as_secs_f64()));
        }
    }

    fn settle(&mut self, style: Style, well: bool) {
        let Some((name, seconds)) = self.ended.take() else { return };
        if !style.terminal {
            return;
        }
        let mark = match (well, style.unicode) {
            (true, true) => style.good("✓"),
            (true, false) => style.good("+"),
            (false, true) => style.error("✗"),
            (false, false) => style.error("x"),
        };
        let seconds = style.dim(&format!("{seconds:.1} s"));
        self.put(&format!("{mark} {name}  {seconds}\n"));
    }
}
