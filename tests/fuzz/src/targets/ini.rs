//! `renku.ini`, read and changed. Input: a value, a zero byte, the file.

use renku_session_project::fuzzing::{ini_entries, ini_with, ini_without};

use super::texts;

pub(super) fn check(bytes: &[u8]) {
    let Some([value, file]) = texts(bytes) else { return };
    let Some(before) = ini_entries(file) else { return };
    // `config set` refuses what is not one line.
    let is_value =
        !value.is_empty() && value.trim() == value && !value.chars().any(char::is_control);
    if is_value && let Some(changed) = ini_with(file, "image", value) {
        let after = ini_entries(&changed).expect("our own file is understood");
        let mut images = after.iter().filter(|(key, _)| key == "image").peekable();
        assert!(images.peek().is_some(), "{changed:?}");
        assert!(images.all(|(_, now)| now == value), "{changed:?}");
        assert_eq!(others(&after), others(&before), "{file:?} became {changed:?}");
    }
    if let Some(changed) = ini_without(file, "image") {
        let after = ini_entries(&changed).expect("our own file is understood");
        assert_eq!(after, others(&before), "{file:?} became {changed:?}");
    }
}

fn others(entries: &[(String, String)]) -> Vec<(String, String)> {
    entries.iter().filter(|(key, _)| key != "image").cloned().collect()
}
