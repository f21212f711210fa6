//! What `doctor` found: one line each, and a hint below where there is something
//! to do.

use serde::Serialize;

use super::style::Style;
use crate::domain::sanitize;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Ok,
    /// Something does not work that not everybody needs.
    Warning,
    /// Sessions do not work.
    Problem,
}

impl Health {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    topic: &'static str,
    health: Health,
    message: String,
    hint: Option<String>,
}

impl Finding {
    /// All is well with `topic`.
    #[must_use]
    pub fn ok(topic: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(topic, Health::Ok, message.as_ref(), None)
    }

    /// Something is missing that not everybody needs.
    #[must_use]
    pub fn warning(topic: &'static str, message: impl AsRef<str>, hint: &str) -> Self {
        Self::new(topic, Health::Warning, message.as_ref(), Some(hint))
    }

    /// Sessions do not work because of this.
    #[must_use]
    pub fn problem(topic: &'static str, message: impl AsRef<str>, hint: Option<&str>) -> Self {
        Self::new(topic, Health::Problem, message.as_ref(), hint)
    }

    fn new(topic: &'static str, health: Health, message: &str, hint: Option<&str>) -> Self {
        Self { topic, health, message: sanitize(message), hint: hint.map(sanitize) }
    }

    /// Whether sessions do not work because of this.
    pub(super) fn is_problem(&self) -> bool {
        self.health == Health::Problem
    }
}

/// For people.
pub(super) fn lines(findings: &[Finding], style: Style) -> String {
    let widest = findings.iter().map(|finding| finding.topic.len()).max().unwrap_or_default();
    let mut text = String::new();
    for Finding { topic, health, message, hint } in findings {
        let word = format!("{:<7}", health.word());
        let word = match health {
            Health::Ok => style.good(&word),
            Health::Warning => style.warning(&word),
            Health::Problem => style.error(&word),
        };
        text.push_str(&format!("{word}  {topic:<widest$}  {message}\n"));
        if let Some(hint) = hint {
            let label = style.hint("hint:");
            text.push_str(&format!("{:width$}{label} {hint}\n", "", width = widest + 11));
        }
    }
    text
}

/// For programs without a parser: health, topic, message and hint.
pub(super) fn tsv(findings: &[Finding]) -> String {
    let hint = |finding: &Finding| finding.hint.clone().unwrap_or_default();
    findings
        .iter()
        .map(|it| format!("{}\t{}\t{}\t{}\n", it.health.word(), it.topic, it.message, hint(it)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> Vec<Finding> {
        vec![
            Finding::ok("git", "git 2.39"),
            Finding::warning("GPU", "none", "install one"),
            Finding::problem("engine", "it\u{1b}[31m is gone", Some("start it")),
        ]
    }

    #[test]
    fn hints_stand_below_their_messages_and_nothing_colours_the_terminal() {
        insta::assert_snapshot!(lines(&findings(), Style::PLAIN), @r"
        ok       git     git 2.39
        warning  GPU     none
                         hint: install one
        problem  engine  it is gone
                         hint: start it
        ");
    }

    #[test]
    fn programs_get_four_columns() {
        insta::assert_snapshot!(tsv(&findings()).replace('\t', "|"), @r"
        ok|git|git 2.39|
        warning|GPU|none|install one
        problem|engine|it is gone|start it
        ");
    }
}
