//! Completion of the command line by the shell.
//!
//! `renku completion SHELL` prints a script, which asks `renku __complete WORDS…`
//! at every TAB: the words up to the cursor, the last one unfinished. The answer
//! is one candidate a line, a tab and a few words about it; `:files` stands for
//! whatever files there are, which the shell completes better than we do.
//!
//! Nothing here prompts, compiles or runs a provider, or talks to anybody but an
//! engine's socket on this machine. What fails gives no candidates: whoever
//! presses TAB does not want to read errors.

mod completions;
mod names;
pub(super) mod remembered;

use std::ffi::OsString;
use std::io::Write as _;
use std::sync::Arc;

use super::app::App;
use super::args::Shell;
use crate::contract::Engines;
use crate::domain::ExitStatus;

/// The hidden command that the scripts run.
const QUESTION: &str = "__complete";

/// Prints the script for a shell.
pub(super) fn script(app: &App, shell: Shell) {
    let text = match shell {
        Shell::Bash => include_str!("renku.bash"),
        Shell::Zsh => include_str!("renku.zsh"),
        Shell::Fish => include_str!("renku.fish"),
    };
    // A failure to write is reported when the program ends.
    let _ = app.printer.data().write(text.as_bytes());
}

/// Answers a script's question; none when these arguments are no such question.
pub(super) fn answer(arguments: &[OsString], engines: &Arc<dyn Engines>) -> Option<ExitStatus> {
    let (question, words) = arguments.get(1..)?.split_first()?;
    if question != QUESTION {
        return None;
    }
    let mut lines = String::new();
    for candidate in completions::of(words, engines) {
        lines.push_str(&candidate.value);
        if !candidate.about.is_empty() {
            lines.push('\t');
            lines.push_str(&candidate.about);
        }
        lines.push('\n');
    }
    Some(print(&lines))
}

fn print(text: &str) -> ExitStatus {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitStatus::Success,
        // `| head` has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitStatus::Success,
        Err(_) => ExitStatus::Failure,
    }
}
