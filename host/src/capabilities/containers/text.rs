//! Makes text of programs fit for a terminal: whole lines, no control
//! characters, bounded.

/// Removes escape sequences and control characters; tabs become a space.
#[must_use]
pub(super) fn clean(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => match chars.next() {
                // CSI: parameters, then one final byte (ECMA-48 §5.4).
                Some('[') => {
                    let _ = chars.by_ref().find(|c| ('\u{40}'..='\u{7e}').contains(c));
                }
                // OSC: up to BEL or ST.
                Some(']') => {
                    while let Some(c) = chars.next() {
                        if c == '\u{7}' {
                            break;
                        }
                        if c == '\u{1b}' && chars.next_if_eq(&'\\').is_some() {
                            break;
                        }
                    }
                }
                _ => {}
            },
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// All of it on one line, runs of white space collapsed, at most `longest`
/// characters.
#[must_use]
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let words: Vec<String> = text.split_whitespace().map(clean).filter(|w| !w.is_empty()).collect();
    shorten(&words.join(" "), longest)
}

/// At most `longest` characters, with an ellipsis where something is missing.
#[must_use]
pub(super) fn shorten(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
    }
}

/// The last `count` lines that are not empty, cleaned. Of a line that
/// overwrites itself with carriage returns, what would be seen last.
#[must_use]
pub(super) fn last_lines(bytes: &[u8], count: usize) -> Vec<String> {
    const LONGEST_LINE: usize = 500;
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim_end().rsplit('\r').next())
        .map(|line| shorten(clean(line).trim_end(), LONGEST_LINE))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let skip = lines.len().saturating_sub(count);
    lines.into_iter().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_control_characters_disappear() {
        assert_eq!(clean("a\u{1b}[1;31mb\u{1b}[0m\u{7}\tc\u{1b}]0;title\u{7}d"), "ab cd");
        assert_eq!(clean("\u{1b}]8;;http://x\u{1b}\\link"), "link");
    }

    #[test]
    fn only_the_last_lines_are_kept_and_empty_ones_do_not_count() {
        assert_eq!(last_lines(b"1\n2\r\n\n  \n3\n", 2), ["2", "3"]);
        assert_eq!(last_lines(b"10%\r50%\r100%\n", 5), ["100%"]);
        assert_eq!(last_lines(b"", 5), Vec::<String>::new());
    }

    #[test]
    fn long_text_is_shortened_at_a_character() {
        assert_eq!(shorten("äöü", 2), "äö…");
        assert_eq!(one_line(" a \n b ", 10), "a b");
    }
}
