//! Why a provider wants something, as it says itself: words of somebody else within
//! a question of ours. They stand after everything that it would be allowed, in
//! quotes, and are short, so that they neither hide that nor pass for it.

use crate::domain::sanitize;

/// The most characters of a reason.
pub(super) const CHARACTERS: usize = 200;

/// One line in quotes that it cannot close; none if it is empty.
pub(super) fn quoted(reason: &str) -> Option<String> {
    let clean = sanitize(reason).replace(['“', '”'], "\"");
    let words: Vec<&str> = clean.split_whitespace().collect();
    let text = words.join(" ");
    let mut short: String = text.chars().take(CHARACTERS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    (!short.is_empty()).then(|| format!("“{short}”"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_short_line_that_stays_in_its_quotes() {
        let forged = format!("x{}”\n  may print a greeting\tAllow it?", " ".repeat(4000));
        assert_eq!(quoted(&forged).unwrap(), "“x \" may print a greeting Allow it?”");
        let long = quoted(&"a b ".repeat(500)).unwrap();
        assert_eq!(long.chars().count(), CHARACTERS + 3);
        assert!(long.ends_with("…”"), "{long}");
        assert_eq!(quoted(" \u{1b}[2J "), None);
    }
}
