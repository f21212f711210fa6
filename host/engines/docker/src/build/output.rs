//! What a builder prints: pieces of text made into clean lines, and the last of
//! them.

use std::collections::VecDeque;

use crate::domain::{sanitize, text};

/// How many lines of a failing step are shown.
const LINES: usize = 20;
/// The most characters of one line.
const LONGEST_LINE: usize = 500;

/// How much is kept of a line that does not end.
const UNFINISHED: usize = 64 * 1024;

/// Makes lines of pieces.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not come yet.
    unfinished: String,
}

impl Lines {
    /// Takes a piece of output and gives its whole lines, cleaned, without empty
    /// ones. Of a line that overwrites itself, what would be seen last.
    pub(super) fn add(&mut self, piece: &str) -> Vec<String> {
        self.unfinished.push_str(piece);
        let Some(end) = self.unfinished.rfind('\n') else {
            // Its end is what would be seen.
            let more = self.unfinished.len().saturating_sub(UNFINISHED);
            self.unfinished.drain(..self.unfinished.ceil_char_boundary(more));
            return Vec::new();
        };
        let rest = self.unfinished.split_off(end + 1);
        let whole = std::mem::replace(&mut self.unfinished, rest);
        whole
            .lines()
            .map(|line| line.trim_end().rsplit('\r').next().unwrap_or_default())
            .map(|line| text::shorten(&sanitize(line), LONGEST_LINE))
            .filter(|line| !line.trim().is_empty())
            .collect()
    }
}

/// The last lines.
#[derive(Debug, Default)]
pub(super) struct Tail(VecDeque<String>);

impl Tail {
    /// One more; the oldest goes when there are enough.
    pub(super) fn push(&mut self, line: &str) {
        if self.0.len() == LINES {
            self.0.pop_front();
        }
        self.0.push_back(line.to_owned());
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl From<Tail> for Vec<String> {
    fn from(tail: Tail) -> Self {
        tail.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_never_ends_takes_no_memory_without_end() {
        let mut lines = Lines::default();
        for _ in 0..1000 {
            assert_eq!(lines.add(&"\u{e9}".repeat(1000)), [""; 0]);
        }
        assert!(lines.unfinished.len() <= UNFINISHED, "{}", lines.unfinished.len());
        let last = lines.add("!\rthe end\n");
        assert_eq!(last, ["the end"]);
    }
}
