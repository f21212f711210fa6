//! Words of the command lines that messages propose.

use std::borrow::Cow;
use std::path::Path;

use super::sanitize;

/// The text as a POSIX shell takes it for one word: in quotes where it needs them. What
/// a terminal would obey is taken out first.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let harmless = sanitize(text);
    // The one thing that cannot be quoted, NUL, is gone.
    shlex::try_quote(&harmless).map_or_else(|_| harmless.clone(), Cow::into_owned)
}

/// The same of a path, which no command takes for an option.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    match text.starts_with('-') {
        true => shell_word(&format!("./{text}")),
        false => shell_word(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_not_take_it_for_one() {
        assert_eq!(shell_word("./tool.wasm"), "./tool.wasm");
        assert_eq!(shell_word("a;b $(c)"), "'a;b $(c)'");
        assert_eq!(shell_word("a\u{1b}[2J\0b"), "ab");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn a_path_is_one_word_and_no_option() {
        for (path, expected) in [
            ("/home/jane/a_b-1.2", "/home/jane/a_b-1.2"),
            ("/data/a b", "'/data/a b'"),
            ("/data/jane's", r#""/data/jane's""#),
            ("$(touch x)", "'$(touch x)'"),
            ("-rf", "./-rf"),
        ] {
            assert_eq!(quoted(Path::new(path)), expected);
        }
    }
}
