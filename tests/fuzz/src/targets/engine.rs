//! Answers of an engine: JSON about containers, images, itself, and lines of a pull.

use renku_session_docker::fuzzing;

pub(super) fn check(bytes: &[u8]) {
    for found in fuzzing::containers(bytes) {
        assert!(!found.container.name.contains('/'), "{:?}", found.container.name);
    }
    let _ = fuzzing::container(bytes);
    let _ = fuzzing::exposed_ports(bytes);
    let _ = fuzzing::limits_disk(bytes);
    if let Some((done, total)) = fuzzing::pulled(bytes) {
        assert!(done <= total, "{done} of {total}");
    }
}
