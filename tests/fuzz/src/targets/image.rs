//! Archives of images (`docker save`, an OCI layout). An image is there whole, or nothing of
//! it is; nothing is written outside of the store.

use std::fs;

use renku_session_domain::Silent;
use renku_session_store::{Limits, Store};

use super::tar::summed;

const LIMITS: Limits = Limits {
    layers: 8,
    entries: 200,
    bytes: 4 << 20,
    names: 64 << 10,
    ratio: 200,
    allowance: 64 << 10,
};

pub(super) fn check(bytes: &[u8]) {
    let place = tempfile::tempdir().expect("a folder");
    let archive = place.path().join("archive.tar");
    fs::write(&archive, summed(bytes)).expect("a file");
    let store = Store::at(&place.path().join("images"), LIMITS);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let loaded = runtime.block_on(store.load(&archive, None, &Silent)).unwrap_or_default();
    for image in &loaded {
        assert!(image.tree.root.is_dir() && image.tree.size <= 2 * LIMITS.bytes);
        let found = store.get(&image.tree.digest).expect("the store");
        assert_eq!(found.expect("the image").root, image.tree.root);
        for name in &image.names {
            let name = renku_session_registry::ImageReference::parse(name).expect("a name");
            assert!(store.find(&name).expect("the store").is_some());
        }
    }
    for entry in place.path().read_dir().expect("a folder") {
        let name = entry.expect("a name").file_name();
        assert!(name == "archive.tar" || name == "images", "{name:?} was written outside");
    }
    for entry in store.path().read_dir().into_iter().flatten() {
        let name = entry.expect("a name").file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with(".renku-new-"), "{name} is left");
    }
}
