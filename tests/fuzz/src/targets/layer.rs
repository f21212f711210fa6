//! Layers of an image, laid on a tree one over the other. Nothing outside of the tree is
//! touched, nothing in it is more than its user may, and it is within its bounds.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use renku_session_store::{Limits, fuzzing};

use super::tar::summed;

const CANARY: &str = "it is as it was";
/// Small, so that inputs reach them.
const LIMITS: Limits = Limits {
    layers: 8,
    entries: 200,
    bytes: 1 << 20,
    names: 64 << 10,
    ratio: 200,
    allowance: 64 << 10,
};

/// The first byte says how many blocks the first layer has; the rest is the second.
pub(super) fn check(bytes: &[u8]) {
    let Some((blocks, rest)) = bytes.split_first() else { return };
    let end = (usize::from(*blocks) * 512).min(rest.len());
    let (first, second) = rest.split_at(end);
    let layers = [packed(first), packed(second)];
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path().join("tree");
    fs::create_dir(&root).expect("a folder");
    fs::write(place.path().join("outside"), CANARY).expect("a file");
    // It may end at any entry; what counts is what it left.
    let _ = fuzzing::lay(&root, &[&layers[0], &layers[1]], LIMITS);
    let mut names: Vec<_> = place
        .path()
        .read_dir()
        .expect("a folder")
        .map(|it| it.expect("a name").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["outside", "tree"], "something was written outside");
    let outside = place.path().join("outside");
    assert_eq!(fs::read_to_string(&outside).expect("a file"), CANARY);
    assert_eq!(outside.metadata().expect("a file").nlink(), 1, "it has a name in the tree");
    let mut left = Left::default();
    left.look(&root);
    assert!(left.bytes <= LIMITS.bytes, "{} bytes", left.bytes);
    // The last entry may have gone over.
    assert!(left.names <= LIMITS.names + 8192, "{} bytes of names", left.names);
}

/// As it is when it is compressed; else with headers that add up.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let is_packed =
        bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    if is_packed { bytes.to_vec() } else { summed(bytes) }
}

/// What is in a tree.
#[derive(Default)]
struct Left {
    bytes: u64,
    names: u64,
}

impl Left {
    fn look(&mut self, folder: &Path) {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("a name").path();
            let metadata = path.symlink_metadata().expect("it is there");
            self.names += path.file_name().map_or(0, |name| name.len() as u64);
            if metadata.is_symlink() {
                continue;
            }
            let mode = metadata.permissions().mode();
            assert_eq!(mode & 0o7022, 0, "{mode:o} {}", path.display());
            if metadata.is_dir() {
                self.look(&path);
            } else {
                assert!(metadata.is_file(), "{}", path.display());
                self.bytes += metadata.len() / metadata.nlink();
            }
        }
    }
}
