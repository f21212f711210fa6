//! `.dockerignore`, and the patterns in it. Input: the path of a file, a zero byte, the file
//! of patterns.

use renku_session_images::fuzzing::{left_out, matches};

use super::texts;

pub(super) fn check(bytes: &[u8]) {
    let Some([path, patterns]) = texts(bytes) else { return };
    let alone = left_out(patterns, &[path]);
    // One file more, which says nothing, and one that takes everything back.
    let with_comment = left_out(&format!("# a comment\n{patterns}"), &[path]);
    if !patterns.starts_with('\u{feff}') {
        assert_eq!(alone, with_comment, "{path:?} {patterns:?}");
    }
    let _ = matches(patterns, path);
    let is_literal = |text: &str| !text.contains(['*', '?', '[', '\\']);
    let is_normal = |part: &str| !matches!(part, "" | "." | "..");
    if is_literal(path) && path.split('/').all(is_normal) {
        assert_eq!(matches(path, path), Some(true), "{path:?} is not itself");
    }
}
