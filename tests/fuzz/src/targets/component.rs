//! A provider's file: its sections, its shape, its manifest. Nothing of it is run.

use renku_session_domain::sanitize;
use renku_session_providers::About;

const LIMIT: usize = 1 << 20;

pub(super) fn check(bytes: &[u8]) {
    let Ok(about) = About::read("fuzz", bytes, LIMIT) else { return };
    for text in about.texts.values().chain(&about.name) {
        assert_eq!(*text, sanitize(text), "a text is shown as it is");
    }
    for name in about.interfaces.imports.iter().chain(&about.interfaces.exports) {
        assert_eq!(*name, sanitize(name), "a name is shown as it is");
    }
    // Who reads it again reads the same.
    let again = About::read("fuzz", bytes, LIMIT).expect("it was read before");
    assert_eq!(again.digest, about.digest);
    assert_eq!(again.capabilities(), about.capabilities());
}
