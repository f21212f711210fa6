//! The archive that `pull` brings from a session. Nothing is written outside the project.

use std::fs::{self, File};
use std::io::{Seek as _, Write as _};
use std::path::Path;

use renku_session_project::{Archive, Changes, Snapshot, apply};

const CANARY: &str = "it is as it was";

pub(super) fn check(bytes: &[u8]) {
    let Some(archive) = archive(bytes) else { return };
    let place = tempfile::tempdir().expect("a folder");
    let root = place.path().join("project");
    fs::create_dir(&root).expect("a folder");
    fs::write(place.path().join("outside"), CANARY).expect("a file");
    std::os::unix::fs::symlink("..", root.join("out")).expect("a link");
    let before = Snapshot::of_folder(&root, &["out".into()]).expect("a snapshot");
    let Ok(there) = Snapshot::of_archive(&archive) else { return };
    let changes = Changes::between(&before, &there, &root).expect("changes");
    // It may fail, for instance because a name is too long; what counts is what it left.
    let _ = apply(&changes, &archive, &root);
    let left: Vec<_> = names(place.path());
    assert_eq!(left, ["outside", "project"], "something was written outside");
    assert_eq!(fs::read_to_string(place.path().join("outside")).expect("a file"), CANARY);
}

fn archive(bytes: &[u8]) -> Option<Archive> {
    let mut file: File = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("rewound");
    Archive::read(file).ok()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("a name").file_name().to_string_lossy().into()).collect();
    names.sort();
    names
}
