//! A copy that comes back goes through no link.

use super::*;

#[test]
fn nothing_is_written_through_a_link() {
    let (here, snapshot, there) = copied();
    let outside = tempfile::tempdir().expect("outside");
    here.shell(&format!("rm -r data && ln -s {} data", outside.path().display()));
    std::fs::write(outside.path().join("a.csv"), "1\n").expect("write");
    let changes = pull(&here, &snapshot, there.path(), "echo 2 > data/a.csv");
    // It is asked about first.
    assert_eq!(changes.conflicts(), [Path::new("data")].into());
    assert_eq!(std::fs::read_to_string(outside.path().join("a.csv")).expect("a"), "1\n");
    assert_eq!(outside.path().read_dir().expect("outside").count(), 1);
    assert!(here.root().join("data").symlink_metadata().expect("data").is_dir());
}

#[test]
fn what_is_behind_a_link_is_no_file_of_the_project() {
    let here = Repository::with_commit();
    here.write("keys/id", "public\n").commit();
    let outside = tempfile::tempdir().expect("outside");
    std::fs::write(outside.path().join("id"), "private\n").expect("write");
    here.shell(&format!("rm -r keys && ln -s {} keys", outside.path().display()));
    // git knows it still, and names the link as new.
    let paths = paths(&here.opened()).expect("paths");
    assert!(paths.contains(&"keys/id".into()) && paths.contains(&"keys".into()));
    let snapshot = Snapshot::of_folder(here.root(), &paths).expect("snapshot");
    let files: Vec<_> = snapshot.0.keys().map(|path| path.display().to_string()).collect();
    assert_eq!(files, ["README.md", "keys"]);
}

/// As a session does it that mounts the project and pulls at the same time.
#[test]
fn a_folder_that_is_swapped_while_a_pull_writes_leads_nowhere() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let (here, snapshot, there) = copied();
    for number in 0..50 {
        std::fs::write(there.path().join(format!("data/{number}")), "there").expect("write");
    }
    let changed = changes(&here, &snapshot, there.path());
    let archive = archive(there.path());
    let outside = tempfile::tempdir().expect("outside");
    let (data, spare) = (here.root().join("data"), here.root().join("spare"));
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                // What a pull makes in its place in between goes, too.
                let _ = std::fs::rename(&data, &spare);
                let _ = std::os::unix::fs::symlink(outside.path(), &data);
                let _ = std::fs::remove_file(&data);
                let _ = std::fs::remove_dir_all(&data);
                let _ = std::fs::rename(&spare, &data);
            }
        });
        for _ in 0..40 {
            // It may fail; it must not go astray.
            let _ = apply(&changed, &archive, here.root());
        }
        ended.store(true, Ordering::Relaxed);
    });
    assert_eq!(outside.path().read_dir().expect("outside").count(), 0);
}

#[test]
fn nothing_is_removed_through_a_link() {
    let (here, snapshot, there) = copied();
    let outside = tempfile::tempdir().expect("outside");
    std::fs::write(outside.path().join("a.csv"), "1\n").expect("write");
    here.shell(&format!("rm -r data && ln -s {} data", outside.path().display()));
    let changes = pull(&here, &snapshot, there.path(), "rm data/a.csv");
    assert_eq!(changes, Changes::default());
    assert!(outside.path().join("a.csv").exists());
    assert!(here.root().join("data").is_symlink());
}

#[test]
fn nothing_is_written_through_a_link_in_the_repository() {
    let (here, _, there) = copied();
    let outside = tempfile::tempdir().expect("outside");
    here.git(&["commit", "-q", "--allow-empty", "-m", "ours"]);
    here.shell(&format!(
        "mkdir -p .git/refs/renku && ln -s {} .git/refs/renku/a1 && cd {} && \
         git -c user.name=S -c user.email=s@x commit -q --allow-empty -m theirs",
        outside.path().display(),
        there.path().display()
    ));
    assert!(bring_commits(&archive(there.path()), &here.opened(), "a1").is_err());
    assert_eq!(outside.path().read_dir().expect("outside").count(), 0);
}
