//! Names in the commands that messages propose.

use std::path::Path;

/// A path as a POSIX shell takes it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |character: char| character.is_alphanumeric() || "/._-+@:,".contains(character);
    if text.chars().all(plain) && !text.starts_with('-') {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for (path, expected) in [
            ("/home/jane/a_b-1.2", "/home/jane/a_b-1.2"),
            ("/data/a b", "'/data/a b'"),
            ("/data/jane's", r"'/data/jane'\''s'"),
            ("$(touch x)", "'$(touch x)'"),
        ] {
            assert_eq!(quoted(Path::new(path)), expected);
        }
    }
}
