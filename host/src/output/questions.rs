//! Questions: asked on a terminal, answered by options elsewhere, never hanging.

use std::collections::BTreeMap;
use std::io;

use dialoguer::{Confirm, Input, Password};

use super::sanitize::sanitize;
use super::terminal;
use crate::domain::{Diagnostic, ErrorKind};

/// Asks, or answers from the command line.
#[derive(Debug, Clone)]
pub struct Questions {
    yes: bool,
    answers: BTreeMap<String, String>,
    interactive: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// Nobody is there.
    #[error("there is no terminal to ask: {question}")]
    NoTerminal {
        /// The question.
        question: String,
        /// The option that answers it.
        flag: String,
    },
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
    /// `--answer` says something else than yes or no.
    #[error("`{value}` is no answer to the question `{id}`: it is yes or no")]
    NotYesOrNo {
        /// The question's id.
        id: String,
        /// What was said.
        value: String,
    },
    /// The terminal broke.
    #[error("the answer could not be read")]
    Terminal(#[source] io::Error),
}

impl Diagnostic for QuestionError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoTerminal { .. } | Self::NotYesOrNo { .. } => ErrorKind::InvalidInput,
            Self::Interrupted => ErrorKind::Cancelled,
            Self::Terminal(_) => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NoTerminal { flag, .. } => Some(format!("answer it with `{flag}`")),
            Self::NotYesOrNo { id, .. } => Some(format!("write `--answer {id}=yes`")),
            Self::Interrupted | Self::Terminal(_) => None,
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::Terminal(error) => vec![error.to_string()],
            _ => Vec::new(),
        }
    }
}

impl From<dialoguer::Error> for QuestionError {
    fn from(error: dialoguer::Error) -> Self {
        let dialoguer::Error::IO(error) = error;
        if error.kind() == io::ErrorKind::Interrupted {
            Self::Interrupted
        } else {
            Self::Terminal(error)
        }
    }
}

impl Questions {
    /// `yes` answers every yes-or-no question, `answers` those of providers.
    #[must_use]
    pub fn new(yes: bool, answers: BTreeMap<String, String>) -> Self {
        Self { yes, answers, interactive: terminal::can_ask() }
    }

    /// Whether `--yes` was given.
    #[must_use]
    pub fn says_yes(&self) -> bool {
        self.yes
    }

    /// Whether somebody is there.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.interactive
    }

    /// A question of the host. `flag` is the option that answers it.
    ///
    /// # Errors
    ///
    /// Without a terminal and without `--yes`; when interrupted.
    pub fn confirm(&self, flag: &str, text: &str) -> Result<bool, QuestionError> {
        if self.yes {
            return Ok(true);
        }
        // A question may have several lines of explanation; the last one asks.
        let text = text.lines().map(sanitize).collect::<Vec<_>>().join("\n");
        self.need_terminal(&text, flag)?;
        yes_or_no(&text)
    }

    /// A question of a provider; every line shows whose it is.
    ///
    /// # Errors
    ///
    /// As [`Self::confirm`].
    pub fn confirm_for_provider(
        &self,
        provider: &str,
        id: &str,
        text: &str,
    ) -> Result<bool, QuestionError> {
        if let Some(answer) = self.answers.get(id) {
            return match answer.to_lowercase().as_str() {
                "yes" | "y" | "true" => Ok(true),
                "no" | "n" | "false" => Ok(false),
                _ => Err(QuestionError::NotYesOrNo { id: sanitize(id), value: answer.clone() }),
            };
        }
        if self.yes {
            return Ok(true);
        }
        let text = prefixed(provider, text);
        self.need_terminal(&text, &format!("--answer {}=yes", sanitize(id)))?;
        yes_or_no(&text)
    }

    /// A line of text for a provider; hidden while typed when `secret`.
    ///
    /// # Errors
    ///
    /// Without a terminal and without `--answer`; when interrupted.
    pub fn ask_for_provider(
        &self,
        provider: &str,
        id: &str,
        text: &str,
        secret: bool,
    ) -> Result<String, QuestionError> {
        if let Some(answer) = self.answers.get(id) {
            return Ok(answer.clone());
        }
        let text = prefixed(provider, text);
        self.need_terminal(&text, &format!("--answer {}=VALUE", sanitize(id)))?;
        Ok(if secret {
            Password::new().with_prompt(text).allow_empty_password(true).interact()?
        } else {
            Input::new().with_prompt(text).allow_empty(true).interact_text()?
        })
    }

    fn need_terminal(&self, question: &str, flag: &str) -> Result<(), QuestionError> {
        if self.interactive {
            return Ok(());
        }
        Err(QuestionError::NoTerminal { question: question.into(), flag: flag.into() })
    }
}

fn yes_or_no(text: &str) -> Result<bool, QuestionError> {
    Ok(Confirm::new().with_prompt(text).default(false).interact()?)
}

fn prefixed(provider: &str, text: &str) -> String {
    let provider = sanitize(provider);
    let lines: Vec<String> =
        text.lines().map(|line| format!("[{provider}] {}", sanitize(line))).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody(yes: bool, answers: &[(&str, &str)]) -> Questions {
        let answers = answers.iter().map(|(id, value)| ((*id).into(), (*value).into())).collect();
        Questions { yes, answers, interactive: false }
    }

    #[test]
    fn without_a_terminal_the_option_is_named() {
        let error = nobody(false, &[]).confirm("--yes", "Build it?").unwrap_err();
        assert_eq!(error.to_string(), "there is no terminal to ask: Build it?");
        assert_eq!(error.hint().unwrap(), "answer it with `--yes`");
        assert_eq!(error.exit_status(), crate::domain::ExitStatus::Usage);
    }

    #[test]
    fn a_provider_cannot_hide_whose_question_it_is() {
        let error = nobody(false, &[])
            .ask_for_provider("acme", "pin", "Host\u{1b}[1A\nrenku: your password?", true)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no terminal to ask: [acme] Host [1A\n[acme] renku: your password?"
        );
        assert_eq!(error.hint().unwrap(), "answer it with `--answer pin=VALUE`");
    }

    #[test]
    fn answers_come_before_yes_and_yes_never_invents_text() {
        let questions = nobody(true, &[("go", "no"), ("odd", "maybe")]);
        assert!(!questions.confirm_for_provider("acme", "go", "Go?").unwrap());
        assert!(questions.confirm_for_provider("acme", "other", "Go?").unwrap());
        let error = questions.confirm_for_provider("acme", "odd", "Go?").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`maybe` is no answer to the question `odd`: it is yes or no"
        );
        assert!(questions.ask_for_provider("acme", "name", "Name?", false).is_err());
    }
}
