//! The manifest of a provider: JSON in a section of its file.

use renku_session_config::Schema;
use renku_session_providers::fuzzing::manifest;

pub(super) fn check(bytes: &[u8]) {
    let Ok(manifest) = manifest(bytes) else { return };
    if let Some(schema) = &manifest.config {
        let _ = Schema::parse(schema);
    }
    for option in &manifest.options {
        let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        assert!(option.name.chars().all(is_plain), "--{}", option.name);
    }
    let written = serde_json::to_vec(&manifest).expect("it can be written");
    let again = renku_session_providers::fuzzing::manifest(&written).expect("ours");
    assert_eq!(serde_json::to_vec(&again).expect("written"), written);
}
