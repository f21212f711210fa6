//! What a guest may say, and how often.
//!
//! Messages are cut, cleaned of control characters (a terminal obeys them) and
//! limited in number, so that a provider cannot bury what the host says.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::limits::{MESSAGE_BYTES, MESSAGES_PER_SECOND};

/// Lets messages through, up to a number a second.
#[derive(Debug)]
pub(super) struct Gate {
    window: Instant,
    used: u32,
    dropped: u32,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self { window: Instant::now(), used: 0, dropped: 0 }
    }

    /// The message as it may be shown; none when there were too many.
    pub(super) fn pass(&mut self, message: &str) -> Option<String> {
        if self.window.elapsed() >= Duration::from_secs(1) {
            self.window = Instant::now();
            self.used = 0;
        }
        if self.used >= MESSAGES_PER_SECOND {
            self.dropped = self.dropped.saturating_add(1);
            return None;
        }
        self.used += 1;
        Some(clean(message))
    }

    /// How many messages were dropped since this was asked last.
    pub(super) fn take_dropped(&mut self) -> u32 {
        std::mem::take(&mut self.dropped)
    }
}

/// Cuts a message at the limit and replaces control characters by spaces.
pub(super) fn clean(message: &str) -> String {
    let harmless = |character: char| if character.is_control() { ' ' } else { character };
    cut(message).chars().map(harmless).collect()
}

/// The same in one line: no blanks that would move what follows to where it passes for
/// something else.
pub(super) fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts a message at the limit.
pub(super) fn cut(message: &str) -> Cow<'_, str> {
    if message.len() <= MESSAGE_BYTES {
        return message.into();
    }
    let mut end = MESSAGE_BYTES;
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", message.get(..end).unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\r\nc\u{9b}d"), "a [31mb  c d");
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        let text = clean(&"é".repeat(MESSAGE_BYTES));
        assert_eq!(text.len(), MESSAGE_BYTES + '…'.len_utf8());
        assert!(text.ends_with("é…"));
    }

    #[test]
    fn a_flood_is_dropped_and_counted() {
        let mut gate = Gate::new();
        let passed = (0..1000).filter(|_| gate.pass("x").is_some()).count();
        assert_eq!(passed, 50);
        assert_eq!(gate.take_dropped(), 950);
        assert_eq!(gate.take_dropped(), 0);
    }
}
