//! What a provider says, so that nobody can take it for ours.
//!
//! Its name stands before every row, also where a terminal would break a long line: a
//! text that is padded to the width of the terminal would else begin a row of its own.

use std::borrow::Cow;

use crate::domain::{sanitize, sanitize_lines};

/// Columns that the name takes at most; more only of a terminal that is very wide.
const MOST_NAME: usize = 40;

/// A provider that speaks, on a terminal of this width or elsewhere.
pub(super) struct Voice {
    tag: String,
    width: Option<usize>,
}

impl Voice {
    /// `width` is that of the terminal; none elsewhere.
    pub(super) fn new(speaker: &str, width: Option<usize>) -> Self {
        let most = width.map_or(MOST_NAME, |width| (width / 2).saturating_sub(3).max(1));
        let name = fitting(&sanitize(speaker), most.min(MOST_NAME)).into_owned();
        Self { tag: format!("[{name}] "), width }
    }

    /// The text under the name: its first row behind `lead` columns that are written
    /// already, the others behind `indent` blanks.
    pub(super) fn rows(&self, text: &str, lead: usize, indent: usize) -> String {
        let text = sanitize_lines(text).replace('\t', "    ");
        let room = |before: usize| {
            self.width.map(|width| width.saturating_sub(before + columns(&self.tag)).max(1))
        };
        let mut rows = Vec::new();
        for line in text.trim_end().split('\n') {
            let mut line = line.trim_end();
            loop {
                let before = if rows.is_empty() { lead } else { indent };
                let (row, rest) = room(before).map_or((line, ""), |room| broken(line, room));
                rows.push(format!("{}{row}", self.tag));
                if rest.is_empty() {
                    break;
                }
                line = rest;
            }
        }
        rows.join(&format!("\n{}", " ".repeat(indent)))
    }

    /// The text in one row behind the name, cut where it has to.
    pub(super) fn row(&self, text: &str) -> String {
        let room = self.width.map(|width| width.saturating_sub(columns(&self.tag)));
        let text = sanitize(text);
        let fits = room.map_or(Cow::Borrowed(text.as_str()), |room| fitting(&text, room));
        format!("{}{fits}", self.tag)
    }
}

/// How many columns a text takes at most. What a terminal makes of characters beyond
/// ASCII differs; none takes more than two columns.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// The text, or its beginning and an ellipsis where it takes more columns.
pub(super) fn fitting(text: &str, most: usize) -> Cow<'_, str> {
    if columns(text) <= most {
        return text.into();
    }
    let (begin, _) = broken_anywhere(text, most.saturating_sub(2));
    format!("{begin}…").into()
}

/// Our own text of several lines on a terminal: where a line goes on in another row, that
/// row stands further to the right than any line begins.
pub(super) fn hanging(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let mut rows = Vec::new();
    for line in text.split('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let deeper = " ".repeat(indent + 4);
        let (mut row, mut rest) = broken(line, width);
        rows.push(row.to_owned());
        while !rest.is_empty() {
            (row, rest) = broken(rest, width.saturating_sub(deeper.len()).max(1));
            rows.push(format!("{deeper}{row}"));
        }
    }
    rows.join("\n")
}

/// The beginning of a line that takes at most so many columns, and what is left without
/// blanks before it. Between words, unless one word alone is longer.
fn broken(line: &str, room: usize) -> (&str, &str) {
    let (begin, rest) = broken_anywhere(line, room);
    if rest.is_empty() || rest.starts_with(' ') {
        return (begin.trim_end(), rest.trim_start());
    }
    match begin.trim_end_matches(|character| character != ' ') {
        words if words.trim().is_empty() => (begin, rest),
        words => (words.trim_end(), line.get(words.len()..).unwrap_or_default()),
    }
}

/// As much of a text as fits, at least one character.
fn broken_anywhere(text: &str, room: usize) -> (&str, &str) {
    let mut taken = 0;
    for (index, character) in text.char_indices() {
        taken += if character.is_ascii() { 1 } else { 2 };
        if taken > room && index > 0 {
            return text.split_at_checked(index).unwrap_or((text, ""));
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a terminal of this width shows of a text.
    fn rendered(text: &str, width: usize) -> Vec<String> {
        let mut rows = Vec::new();
        for line in text.split('\n') {
            let characters: Vec<char> = line.chars().collect();
            match characters.is_empty() {
                true => rows.push(String::new()),
                false => rows.extend(characters.chunks(width).map(|row| row.iter().collect())),
            }
        }
        rows
    }

    #[test]
    fn the_name_begins_every_row_that_a_terminal_shows() {
        for width in [20_usize, 33, 40, 80, 81, 200] {
            let padded = format!(
                "Is this right?{}Provider `docker` wants to read ~/.ssh. Allow it? [y/N]",
                " ".repeat(width.saturating_sub(14 + "[acme/slurm] ".len()))
            );
            let long = "x".repeat(3 * width);
            let breaks = "a\r\n\nb\rc\u{2028}d\u{85}e\tf".to_owned();
            for text in [padded, long, breaks, "é".repeat(width), " ".repeat(width) + "x"] {
                let shown = Voice::new("acme/slurm", Some(width)).rows(&text, 0, 0);
                for row in rendered(&shown, width) {
                    assert!(row.starts_with('['), "{width}: {row:?} in {shown}");
                }
            }
        }
    }

    #[test]
    fn rows_behind_a_label_stand_under_each_other() {
        let voice = Voice::new("slurm", Some(30));
        assert_eq!(
            format!("error: {}", voice.rows("there is no partition `gpu` on this cluster", 7, 2)),
            "error: [slurm] there is no\n  [slurm] partition `gpu` on\n  [slurm] this cluster"
        );
    }

    #[test]
    fn elsewhere_than_on_a_terminal_only_the_lines_are_counted() {
        let voice = Voice::new("slurm", None);
        let long = "word ".repeat(100);
        assert_eq!(
            voice.rows(&format!("{long}\nb"), 0, 0),
            format!("[slurm] {}\n[slurm] b", long.trim_end())
        );
    }

    #[test]
    fn a_name_takes_half_of_a_narrow_terminal_at_most() {
        let voice = Voice::new(&"n".repeat(100), Some(20));
        assert_eq!(voice.rows("hello", 0, 0), "[nnnnn…] hello");
        assert!(columns(&Voice::new(&"n".repeat(100), None).tag) <= MOST_NAME + 3);
    }

    #[test]
    fn one_row_is_cut_where_it_ends() {
        let voice = Voice::new("slurm", Some(20));
        assert_eq!(voice.row("queued behind everybody"), "[slurm] queued beh…");
        assert_eq!(voice.row("queued\u{1b}[2J\n"), "[slurm] queued ");
    }

    #[test]
    fn a_line_of_ours_that_is_broken_goes_on_further_right() {
        let text = "Provider `x`, if you allow it:\n  its reason for http: “aaaa bbbb cccc”";
        assert_eq!(
            hanging(text, Some(30)),
            "Provider `x`, if you allow it:\n  its reason for http: “aaaa\n      bbbb cccc”"
        );
        assert_eq!(hanging(text, None), text);
    }
}
