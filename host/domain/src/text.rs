//! What programs print, made fit for a message: harmless, whole lines, bounded.

use crate::sanitize;

/// All of it on one line, runs of white space collapsed, at most `longest`
/// characters.
#[must_use]
pub fn one_line(text: &str, longest: usize) -> String {
    let clean = sanitize(text);
    let words: Vec<&str> = clean.split_whitespace().collect();
    shorten(&words.join(" "), longest)
}

/// At most `longest` characters, with an ellipsis where something is missing.
#[must_use]
pub fn shorten(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
    }
}

/// The last `count` lines that are not empty, cleaned. Of a line that
/// overwrites itself with carriage returns, what would be seen last.
#[must_use]
pub fn last_lines(bytes: &[u8], count: usize) -> Vec<String> {
    const LONGEST_LINE: usize = 500;
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim_end().rsplit('\r').next())
        .map(|line| shorten(sanitize(line).trim_end(), LONGEST_LINE))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let skip = lines.len().saturating_sub(count);
    lines.into_iter().skip(skip).collect()
}

/// Whether a program ran out of disk: the words of `ENOSPC` and `EDQUOT` (strerror(3)). They are
/// the same in every program and stand anywhere in what it prints, so that here a part is looked for.
#[must_use]
pub fn says_disk_is_full(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("no space left on device") || message.contains("disk quota exceeded")
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn what_a_program_says_cannot_deceive() {
        let hostile = "safe\u{202e}gpj.exe \u{1b}]0;two words\u{7}\u{1b}[1;31mred";
        assert_eq!(one_line(hostile, 50), "safegpj.exe red");
        assert_eq!(last_lines(hostile.as_bytes(), 1), ["safegpj.exe red"]);
    }
}
