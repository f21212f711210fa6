//! Texts of files and manifests, made fit to stand in a message.
//!
//! Both may come from strangers: an escape sequence in a key must not reach the
//! terminal, and a key of a megabyte must not fill it.

use std::fmt::Write as _;

use super::finding::Step;

/// The longest text that is shown whole, in characters.
const LONGEST: usize = 64;

/// Whether a terminal would obey or hide the character instead of showing it.
pub(super) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` shortened, with what cannot be seen spelled out as `\u{…}`.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The texts, each in backticks, with commas between.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(|text| format!("`{}`", shown(text))).collect::<Vec<_>>().join(", ")
}

/// A path as people write it: `volumes[0].name`, behind `root` if there is one.
pub(super) fn path(root: &str, steps: &[Step]) -> String {
    let mut path = root.to_owned();
    for step in steps {
        match step {
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&shown(key));
            }
            Step::Index(index) => {
                // Writing to a `String` cannot fail.
                let _ = write!(path, "[{index}]");
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_is_spelled_out() {
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}c"), r"a\u{1b}[2Jb\u{202e}c");
    }

    #[test]
    fn a_long_text_is_shortened() {
        assert_eq!(shown(&"é".repeat(65)), format!("{}…", "é".repeat(64)));
        assert_eq!(shown(&"é".repeat(64)), "é".repeat(64));
    }

    #[test]
    fn a_path_reads_like_code() {
        let steps = [Step::Key("volumes".into()), Step::Index(0), Step::Key("name".into())];
        assert_eq!(path("", &steps), "volumes[0].name");
        assert_eq!(path("--volume", &steps[1..]), "--volume[0].name");
    }
}
