//! Renders errors: what happened, why, what to type next.

use serde::Serialize;

use super::sanitize::sanitize;
use crate::domain::{Diagnostic, ErrorKind};

/// An error as people read it.
///
/// ```text
/// error: cannot reach a container engine
///   /var/run/docker.sock: no such file
/// hint: start Docker
/// ```
pub(super) fn human(label: &str, error: &dyn Diagnostic, colour: bool) -> String {
    let mut text = format!("{}: {}", painted(label, colour), lines(&error.to_string(), "  "));
    for cause in error.causes() {
        text.push_str("\n  ");
        text.push_str(&lines(&cause, "    "));
    }
    if let Some(hint) = error.hint() {
        text.push('\n');
        text.push_str(&painted("hint", colour));
        text.push_str(": ");
        text.push_str(&lines(&hint, "  "));
    }
    text
}

/// Cleans every line; the ones after the first are indented.
fn lines(text: &str, indent: &str) -> String {
    text.lines().map(sanitize).collect::<Vec<_>>().join(&format!("\n{indent}"))
}

fn painted(label: &str, colour: bool) -> String {
    if !colour {
        return label.to_owned();
    }
    // SGR codes of ECMA-48 §8.3.117: bold red, bold yellow, bold cyan.
    let code = match label {
        "error" => "1;31",
        "warning" => "1;33",
        _ => "1;36",
    };
    format!("\u{1b}[{code}m{label}\u{1b}[0m")
}

/// `{"version":1,"error":{kind,message,hint,causes}}`.
#[derive(Serialize)]
pub(super) struct Document {
    version: u8,
    error: Body,
}

#[derive(Serialize)]
struct Body {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    causes: Vec<String>,
}

impl Document {
    pub(super) fn of(error: &dyn Diagnostic) -> Self {
        Self {
            version: 1,
            error: Body {
                kind: error.kind(),
                message: error.to_string(),
                hint: error.hint(),
                causes: error.causes(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ProviderError;

    fn example() -> ProviderError {
        ProviderError::new(ErrorKind::Unavailable, "the engine is\u{1b}[2J away")
            .with_cause("socket one: no\nsocket two: no")
            .with_help("type\n  this")
    }

    #[test]
    fn an_error_says_what_why_and_what_next() {
        insta::assert_snapshot!(human("error", &example(), false), @r"
        error: the engine is [2J away
          socket one: no
            socket two: no
        hint: type
            this
        ");
    }

    #[test]
    fn only_the_labels_are_coloured() {
        let text = human("error", &ProviderError::new(ErrorKind::Other, "a"), true);
        assert_eq!(text, "\u{1b}[1;31merror\u{1b}[0m: a");
    }

    #[test]
    fn programs_get_the_same_as_json() {
        insta::assert_snapshot!(serde_json::to_string(&Document::of(&example())).unwrap(), @r#"{"version":1,"error":{"kind":"unavailable","message":"the engine is\u001b[2J away","hint":"type\n  this","causes":["socket one: no\nsocket two: no"]}}"#);
    }
}
