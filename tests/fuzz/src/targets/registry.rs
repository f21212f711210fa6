//! Answers of a registry: manifests, lists, and headers.

use renku_session_registry::artifacts::{fuzzing, tag_of, version_of};

use super::text;

pub(super) fn check(bytes: &[u8]) {
    let _ = fuzzing::is_manifest(bytes);
    let _ = fuzzing::is_list_of_referrers(bytes);
    for version in fuzzing::versions(bytes).unwrap_or_default() {
        assert_eq!(version_of(&tag_of(&version)), Some(version));
    }
    let Some(header) = text(bytes) else { return };
    let _ = fuzzing::realms(header);
    if let Some(next) = fuzzing::next_page(header) {
        assert!(!next.contains('>'), "{next}");
    }
}
