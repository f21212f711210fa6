//! Files that this program wrote, or somebody else meanwhile: receipts, locks, grants,
//! settings of a project. Each is understood or refused.

use std::fs;

use renku_session_project::Project;
use renku_session_providers::{GrantsFile, LOCK_FILE, LockFile, fuzzing, signing};

pub(super) fn check(bytes: &[u8]) {
    let _ = fuzzing::is_receipt(bytes);
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path();
    for file in [LOCK_FILE, ".renku/config.toml", "grants.toml", "trusted-keys.toml"] {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    fs::create_dir(root.join(".git")).expect("a folder");
    let _ = LockFile::of(root);
    let _ = GrantsFile::of(root);
    let _ = signing::TrustedKeys::read(root);
    if let Ok(project) = Project::locate(root) {
        let _ = project.binding();
    }
}
