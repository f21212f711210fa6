//! Cleans text that comes from providers, engines and sessions, because a
//! terminal obeys control characters.

/// The text without control characters: each becomes a space, so that words do
/// not run together. Of bidirectional overrides (which can make a line read as
/// another) nothing remains.
#[must_use]
pub fn sanitize(text: &str) -> String {
    text.chars()
        .filter(|character| !matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_finds_nothing_to_obey() {
        assert_eq!(
            sanitize("a\u{1b}]0;title\u{7}b\r\n\u{9b}31mc\u{202e}d"),
            "a ]0;title b   31mcd"
        );
    }
}
