//! Splits a command line into words, as a shell does before it expands
//! anything: POSIX shell, "Quoting" (2.2), without variables and patterns.

use std::str::Chars;

use renku_session_sdk::{Error, Result};

/// The words of `line`.
///
/// # Errors
///
/// `invalid-input` when a quote is not closed.
pub(crate) fn split(line: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    // None between words, so that `''` is a word and a gap is not.
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' | '"' => {
                quoted(&mut characters, character, word.get_or_insert_default())
                    .ok_or_else(|| unclosed(line, character))?;
            }
            '\\' => word.get_or_insert_default().extend(characters.next()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Moves the text up to the closing quote into `word`.
fn quoted(characters: &mut Chars<'_>, quote: char, word: &mut String) -> Option<()> {
    loop {
        match characters.next()? {
            closing if closing == quote => return Some(()),
            '\\' if quote == '"' => match characters.next()? {
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

fn unclosed(line: &str, quote: char) -> Error {
    Error::invalid_input(format!("the quote {quote} is not closed in `command`: `{line}`"))
        .help("close the quote, or write `command` as a list of words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_keep_words_together() {
        for (line, expected) in [
            ("jupyter lab  --ip=0.0.0.0", &["jupyter", "lab", "--ip=0.0.0.0"][..]),
            (r#"sh -c 'echo "a  b"'"#, &["sh", "-c", r#"echo "a  b""#]),
            (r#"--title="a \"b\" \n" x"#, &[r#"--title=a "b" \n"#, "x"]),
            (r"a\ b", &["a b"]),
            ("''", &[""]),
            (" \t\n", &[]),
        ] {
            assert_eq!(split(line).unwrap(), expected, "{line}");
        }
    }

    #[test]
    fn nothing_is_expanded() {
        assert_eq!(split("echo $HOME *.py `id`").unwrap(), ["echo", "$HOME", "*.py", "`id`"]);
    }

    #[test]
    fn an_open_quote_is_an_error() {
        let error = split("sh -c 'x").unwrap_err();
        assert_eq!(error.message, "the quote ' is not closed in `command`: `sh -c 'x`");
    }
}
