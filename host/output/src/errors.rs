//! How an error looks: what happened, why, what to type next.

use serde::Serialize;

use super::style::Style;
use crate::domain::{Diagnostic, ErrorKind, sanitize_lines};

/// An error for programs, and whole for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    causes: Vec<String>,
}

impl Report {
    /// Everything a diagnostic says, made harmless: much of it comes from
    /// providers and engines.
    pub(super) fn new(error: &dyn Diagnostic) -> Self {
        Self {
            kind: error.kind(),
            message: sanitize_lines(&error.to_string()),
            hint: error.hint().map(|hint| sanitize_lines(&hint)),
            causes: error.causes().iter().map(|cause| sanitize_lines(cause)).collect(),
        }
    }

    /// For people, as an error.
    pub(super) fn as_error(&self, style: Style) -> String {
        self.block(&style.error("error:"), style)
    }

    /// For people, as a warning.
    pub(super) fn as_warning(&self, style: Style) -> String {
        self.block(&style.warning("warning:"), style)
    }

    /// The kind and the message alone.
    pub(super) fn short(&self) -> (ErrorKind, &str) {
        (self.kind, &self.message)
    }

    /// `LABEL message`, the causes indented, `hint: …`; further lines stand
    /// under their first.
    fn block(&self, label: &str, style: Style) -> String {
        let mut block = format!("{label} {}", indent(&self.message, "  "));
        for cause in &self.causes {
            block.push_str(&format!("\n  {}", indent(cause, "    ")));
        }
        if let Some(hint) = &self.hint {
            block.push_str(&format!("\n{} {}", style.hint("hint:"), indent(hint, "  ")));
        }
        block
    }
}

/// Every line but the first moves to the right; empty ones stay empty.
fn indent(text: &str, by: &str) -> String {
    let mut lines = text.trim_end().split('\n');
    let mut indented = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        indented.push('\n');
        if !line.is_empty() {
            indented.push_str(by);
            indented.push_str(line);
        }
    }
    indented
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ProviderError;

    fn build_failed() -> ProviderError {
        ProviderError::new(ErrorKind::Other, "cannot build `analysis:0a1b2c3`")
            .with_cause("step 3 of 4 failed: RUN pip install jupyterlob")
            .with_cause("ERROR: no matching distribution\r\n\nexit status \u{1b}[31m1\u{1b}[0m\n")
            .with_help("correct the Dockerfile, for example\nFROM python:3.13\n\nRUN pip install jupyterlab")
    }

    #[test]
    fn an_error_says_what_happened_why_and_what_to_type_next() {
        insta::assert_snapshot!(Report::new(&build_failed()).as_error(Style::PLAIN), @r"
        error: cannot build `analysis:0a1b2c3`
          step 3 of 4 failed: RUN pip install jupyterlob
          ERROR: no matching distribution

            exit status 1
        hint: correct the Dockerfile, for example
          FROM python:3.13

          RUN pip install jupyterlab
        ");
    }

    #[test]
    fn only_the_labels_are_coloured() {
        let style = Style { terminal: true, colour: true, unicode: true };
        let error = ProviderError::new(ErrorKind::NotFound, "no session `x`").with_help("look");
        assert_eq!(
            Report::new(&error).as_error(style),
            "\u{1b}[1;31merror:\u{1b}[0m no session `x`\n\u{1b}[1;36mhint:\u{1b}[0m look"
        );
    }

    #[test]
    fn programs_get_every_part() {
        let error = ProviderError::new(ErrorKind::InvalidInput, "bad\u{7}").with_cause("why");
        assert_eq!(
            serde_json::to_string(&Report::new(&error)).unwrap(),
            r#"{"kind":"invalid-input","message":"bad","hint":null,"causes":["why"]}"#
        );
    }
}
