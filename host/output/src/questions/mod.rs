//! Questions to the person at the terminal, and the options that answer them.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;

use super::screen::Screen;
use super::voice::{Voice, columns, hanging};
use crate::domain::{Advice, Diagnostic, ErrorKind, sanitize, sanitize_lines, shell_word};

/// Who asks, and who has answered on the command line already.
pub struct Questions {
    yes: bool,
    answers: BTreeMap<String, String>,
    interactive: bool,
    screen: Arc<Screen>,
    read: fn() -> io::Result<Option<String>>,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// Nobody is there to be asked.
    #[error("there is no terminal to ask: {question}")]
    NoTerminal {
        /// The question, one line.
        question: String,
        /// The option that answers it.
        flag: String,
    },
    /// The input ended.
    #[error("a question was not answered: {question}")]
    NoAnswer {
        /// The question, one line.
        question: String,
        /// The option that answers it.
        flag: String,
    },
    /// `--answer` says neither yes nor no.
    #[error("`--answer {id}={value}` must be yes or no")]
    NotYesOrNo {
        id: String,
        /// The answer.
        value: String,
        /// The question, one line.
        question: String,
    },
    /// The terminal is broken.
    #[error("cannot read the answer")]
    Read(#[source] io::Error),
}

impl Diagnostic for QuestionError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::NoTerminal { flag, .. } | Self::NoAnswer { flag, .. } => {
                ErrorKind::InvalidInput.hint(format!("answer it with `{flag}`"))
            }
            Self::NotYesOrNo { id, question, .. } => {
                let (yes, no) = (answer_flag(id, "yes"), answer_flag(id, "no"));
                ErrorKind::InvalidInput
                    .hint(format!("write `{yes}` or `{no}`"))
                    .causes([format!("it answers: {question}")])
            }
            Self::Read(error) => ErrorKind::Other.causes([error.to_string()]),
        }
    }
}

struct Asked {
    /// In one line, for an error.
    plain: String,
    /// As it stands on the screen.
    rows: String,
}

impl Asked {
    /// The question with what follows it, on a row of its own where it would not fit.
    fn with(&self, end: &str, width: Option<usize>) -> String {
        let last = self.rows.rsplit('\n').next().unwrap_or_default();
        match width.is_some_and(|width| columns(last) + end.len() > width) {
            true => format!("{}\n{}", self.rows, end.trim_start()),
            false => format!("{}{end}", self.rows),
        }
    }
}

impl Questions {
    /// `yes` is `--yes`; `answers` are those of `--answer ID=VALUE`.
    ///
    /// Asks only when both standard input and standard error are terminals.
    #[must_use]
    pub fn new(yes: bool, answers: BTreeMap<String, String>) -> Self {
        let interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self { yes, answers, interactive, screen: Screen::standard(), read }
    }

    /// Whether every yes-or-no question is answered with yes.
    #[must_use]
    pub fn says_yes(&self) -> bool {
        self.yes
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.interactive
    }

    /// A yes-or-no question of ours, no when Enter is typed; `flag` is the
    /// option that answers it. Blocks until it is answered.
    ///
    /// # Errors
    ///
    /// Without a terminal, or when the input ends before the answer.
    pub fn confirm(&self, flag: &str, text: &str) -> Result<bool, QuestionError> {
        if self.yes {
            return Ok(true);
        }
        self.yes_or_no(flag, &self.ours(text))
    }

    /// A yes-or-no question about what cannot be taken back. `--yes` does not
    /// answer it, `flag` alone does.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    pub fn confirm_by_flag(&self, flag: &str, text: &str) -> Result<bool, QuestionError> {
        self.yes_or_no(flag, &self.ours(text))
    }

    /// Asks for a secret of ours, hidden while it is typed; `flag` is the option
    /// that gives it.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    pub fn ask_secret(&self, flag: &str, text: &str) -> Result<String, QuestionError> {
        self.line(flag, &self.ours(text), ": ", true)
    }

    /// A yes-or-no question of a provider, whose name stands before every line.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`]; also when `--answer` says neither yes nor no.
    pub fn confirm_for_provider(
        &self,
        provider: &str,
        id: &str,
        text: &str,
    ) -> Result<bool, QuestionError> {
        let asked = self.theirs(provider, text);
        if let Some(value) = self.answers.get(id) {
            return yes_or_no(value).ok_or_else(|| QuestionError::NotYesOrNo {
                id: sanitize(id),
                value: sanitize(value),
                question: asked.plain,
            });
        }
        if self.yes {
            return Ok(true);
        }
        self.yes_or_no(&answer_flag(id, "yes"), &asked)
    }

    /// A question of a provider that a line of text answers, hidden while it is
    /// typed when `secret`.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    pub fn ask_for_provider(
        &self,
        provider: &str,
        id: &str,
        text: &str,
        secret: bool,
    ) -> Result<String, QuestionError> {
        if let Some(value) = self.answers.get(id) {
            return Ok(value.clone());
        }
        self.line(&answer_flag(id, "VALUE"), &self.theirs(provider, text), ": ", secret)
    }

    /// A secret of ours, hidden while it is typed; `flag` says how to give it
    /// without a terminal.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    pub fn secret(&self, flag: &str, question: &str) -> Result<String, QuestionError> {
        self.line(flag, &self.ours(question.trim_end_matches([':', ' '])), ": ", true)
    }

    /// A question of ours.
    fn ours(&self, text: &str) -> Asked {
        let rows = hanging(&sanitize_lines(text), self.screen.width());
        Asked { plain: sanitize(text), rows }
    }

    /// A question of a provider, whose name stands before every row.
    fn theirs(&self, provider: &str, text: &str) -> Asked {
        let plain = sanitize(&Voice::new(provider, None).rows(text, 0, 0));
        Asked { plain, rows: self.screen.voice(provider).rows(text, 0, 0) }
    }

    fn yes_or_no(&self, flag: &str, asked: &Asked) -> Result<bool, QuestionError> {
        loop {
            let answer = self.line(flag, asked, " [y/N] ", false)?;
            match yes_or_no(&answer) {
                Some(answer) => return Ok(answer),
                None if answer.is_empty() => return Ok(false),
                None => self.screen.lines("Please type `y` or `n`"),
            }
        }
    }

    fn line(
        &self,
        flag: &str,
        asked: &Asked,
        end: &str,
        secret: bool,
    ) -> Result<String, QuestionError> {
        let question = || asked.plain.clone();
        if !self.interactive {
            let flag = flag.to_owned();
            return Err(QuestionError::NoTerminal { question: question(), flag });
        }
        self.screen.ask(&asked.with(end, self.screen.width()));
        let typed = match secret {
            true => self.screen.hide().and_then(|()| (self.read)()),
            false => (self.read)(),
        };
        // What ends the line is echoed only when it is typed and not hidden.
        self.screen.answered(!secret && matches!(typed, Ok(Some(_))));
        match typed {
            Ok(Some(line)) if secret => Ok(line),
            Ok(Some(line)) => Ok(line.trim().to_owned()),
            Ok(None) => {
                Err(QuestionError::NoAnswer { question: question(), flag: flag.to_owned() })
            }
            Err(error) => Err(QuestionError::Read(error)),
        }
    }
}

/// A line without its end; none at the end of the input. The terminal stays in
/// its usual mode, so that Ctrl-C is a signal.
fn read() -> io::Result<Option<String>> {
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Ok(None);
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(Some(line))
}

fn yes_or_no(answer: &str) -> Option<bool> {
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "true" => Some(true),
        "n" | "no" | "false" => Some(false),
        _ => None,
    }
}

/// The option that answers a question of a provider. The provider chose the id: it is
/// one word of a command line whatever it is.
fn answer_flag(id: &str, value: &str) -> String {
    format!("--answer {}={value}", shell_word(id))
}

#[cfg(test)]
mod tests;
