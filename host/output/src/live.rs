//! The one line that is drawn anew while a phase lasts.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::style::Style;

/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(100);

/// The line of a phase. Dropped, it is cleared from the screen.
pub(super) struct Live(ProgressBar);

impl Live {
    /// Draws `| Building image  3.2 s` on standard error.
    pub(super) fn new(name: &str, started: Instant, style: Style) -> Self {
        // The last character is that of a finished bar, which is never drawn.
        let ticks = if style.unicode { "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ " } else { "|/-\\ " };
        let look = ProgressStyle::with_template("{spinner} {prefix}  {seconds}  {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner())
            .with_key("seconds", move |_: &_, text: &mut dyn std::fmt::Write| {
                // A line that is not drawn is no loss.
                let _ = write!(text, "{:.1} s", started.elapsed().as_secs_f64());
            })
            .tick_chars(ticks);
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(look);
        bar.set_prefix(name.to_owned());
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Shows how far the phase is, and a detail; what does not fit is cut.
    pub(super) fn show(&self, amount: &str, note: &str) {
        let gap = if amount.is_empty() || note.is_empty() { "" } else { "  " };
        self.0.set_message(format!("{amount}{gap}{note}"));
    }

    /// Does something on the screen while this line is out of the way.
    pub(super) fn beside(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
