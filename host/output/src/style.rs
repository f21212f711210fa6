//! Colour, or none: decided once for each stream.

use std::ffi::OsStr;
use std::io::IsTerminal;

/// What a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Whether a person looks at it and lines may be drawn anew.
    pub(super) terminal: bool,
    /// Whether it shows colours.
    pub(super) colour: bool,
    /// Whether it shows more than ASCII.
    pub(super) unicode: bool,
}

impl Style {
    /// What a pipe gets.
    #[cfg(test)]
    pub(super) const PLAIN: Self = Self { terminal: false, colour: false, unicode: false };

    /// For a stream of this process: colour only on a terminal that is not
    /// `TERM=dumb`, and never with a non-empty `NO_COLOR` (<https://no-color.org>).
    pub(super) fn of(stream: &impl IsTerminal) -> Self {
        decide(stream.is_terminal(), |name| std::env::var_os(name))
    }

    /// The word before an error.
    pub(super) fn error(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// The word before a warning.
    pub(super) fn warning(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// The word before a hint.
    pub(super) fn hint(self, text: &str) -> String {
        self.paint("1;36", text)
    }

    /// What went well.
    pub(super) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// What matters less.
    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Select Graphic Rendition (ECMA-48 §8.3.117).
    fn paint(self, parameters: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{parameters}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn decide<T: AsRef<OsStr>>(is_terminal: bool, variable: impl Fn(&str) -> Option<T>) -> Style {
    let set = |name: &str| variable(name).filter(|value| !value.as_ref().is_empty());
    let terminal = is_terminal && set("TERM").is_none_or(|term| term.as_ref() != "dumb");
    // The first that is set decides (POSIX, Base Definitions §8.2).
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let unicode = locale.is_some_and(|locale| {
        let locale = locale.as_ref().to_string_lossy().to_ascii_lowercase();
        locale.ends_with("utf-8") || locale.ends_with("utf8")
    });
    Style { terminal, colour: terminal && set("NO_COLOR").is_none(), unicode }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(terminal: bool, variables: &[(&str, &str)]) -> Style {
        decide(terminal, |wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn colour_needs_a_terminal() {
        assert!(style(true, &[("TERM", "xterm")]).colour);
        assert!(!style(false, &[("TERM", "xterm")]).colour);
        assert!(!style(true, &[("TERM", "dumb")]).colour);
    }

    #[test]
    fn no_color_is_honoured_when_it_is_not_empty() {
        let quiet = style(true, &[("NO_COLOR", "1")]);
        assert!(quiet.terminal && !quiet.colour);
        assert!(style(true, &[("NO_COLOR", "")]).colour);
    }

    #[test]
    fn only_a_utf_8_locale_gets_more_than_ascii() {
        assert!(style(true, &[("LANG", "de_CH.UTF-8")]).unicode);
        assert!(style(true, &[("LC_CTYPE", "C.utf8"), ("LANG", "C")]).unicode);
        assert!(!style(true, &[("LC_ALL", "C"), ("LANG", "de_CH.UTF-8")]).unicode);
        assert!(!style(true, &[]).unicode);
    }

    #[test]
    fn paint_is_left_out_without_colour() {
        assert_eq!(Style::PLAIN.error("error"), "error");
        assert_eq!(style(true, &[]).error("error"), "\u{1b}[1;31merror\u{1b}[0m");
    }
}
