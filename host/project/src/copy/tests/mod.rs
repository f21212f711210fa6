//! What is copied, what comes back, and what is never overwritten.

mod commits;
mod links;

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::testing::Repository;

/// The folder as an engine would archive it, with hard links as such.
fn archive(folder: &Path) -> Archive {
    Archive::read(archive_file(folder)).expect("archive")
}

fn archive_file(folder: &Path) -> std::fs::File {
    let file = tempfile::NamedTempFile::new().expect("file");
    let (parent, name) = (folder.parent().expect("parent"), folder.file_name().expect("name"));
    let made = std::process::Command::new("tar")
        .arg("-cf")
        .arg(file.path())
        .arg("-C")
        .args([parent, Path::new(name)])
        .status();
    assert!(made.expect("tar").success());
    file.reopen().expect("file")
}

/// A project with a copy of it, as a session would have it.
fn copied() -> (Repository, Snapshot, tempfile::TempDir) {
    let here = Repository::with_commit();
    here.write("data/a.csv", "1\n").write("b.txt", "b\n").write(".gitignore", "big\n").commit();
    here.write("big", "ignored\n").write("new.txt", "not added\n");
    let there = tempfile::tempdir().expect("there");
    let paths = paths(&here.opened()).expect("paths");
    for path in &paths {
        let (from, to) = (here.root().join(path), there.path().join(path));
        if from.is_dir() {
            std::fs::create_dir(to).expect("mkdir");
        } else {
            std::fs::copy(from, to).expect("copy");
        }
    }
    let snapshot = Snapshot::of_folder(here.root(), &paths).expect("snapshot");
    (here, snapshot, there)
}

fn changes(here: &Repository, snapshot: &Snapshot, there: &Path) -> Changes {
    let now = Snapshot::of_archive(&archive(there)).expect("snapshot");
    Changes::between(snapshot, &now, here.root()).expect("changes")
}

fn change(path: &str, removed: bool) -> Change {
    Change { path: path.into(), removed, conflict: None }
}

/// Works in the copy and brings what changed, whatever is overwritten.
fn pull(here: &Repository, snapshot: &Snapshot, there: &Path, line: &str) -> Changes {
    here.shell(&format!("cd {} && {line}", there.display()));
    let changes = changes(here, snapshot, there);
    apply(&changes, &archive(there), here.root()).expect("apply");
    changes
}

fn mode(here: &Repository, path: &str) -> u32 {
    let metadata = here.root().join(path).symlink_metadata().expect(path);
    metadata.permissions().mode() & 0o777
}

#[test]
fn what_git_ignores_is_not_copied_and_the_repository_is() {
    let (_here, snapshot, there) = copied();
    assert!(there.path().join(".git/HEAD").is_file());
    assert!(there.path().join("new.txt").is_file());
    assert!(!there.path().join("big").exists());
    let files: Vec<_> = snapshot.0.keys().map(|path| path.display().to_string()).collect();
    assert_eq!(files, [".gitignore", "README.md", "b.txt", "data/a.csv", "new.txt"]);
}

#[test]
fn changes_of_the_session_come_back_and_nothing_else_is_touched() {
    let (here, snapshot, there) = copied();
    assert_eq!(changes(&here, &snapshot, there.path()), Changes::default());
    std::fs::write(there.path().join("data/a.csv"), "2\n").expect("write");
    std::fs::create_dir_all(there.path().join("out/deep")).expect("mkdir");
    std::fs::write(there.path().join("out/deep/result"), "42\n").expect("write");
    std::fs::remove_file(there.path().join("b.txt")).expect("remove");
    here.write("README.md", "changed here\n");

    let changes = changes(&here, &snapshot, there.path());
    let expected = [("b.txt", true), ("data/a.csv", false), ("out/deep/result", false)];
    assert_eq!(changes.0, expected.map(|(path, removed)| change(path, removed)));
    assert_eq!(changes.many_removed(&snapshot), std::collections::BTreeSet::new());
    apply(&changes, &archive(there.path()), here.root()).expect("apply");
    assert_eq!(std::fs::read_to_string(here.root().join("data/a.csv")).expect("a"), "2\n");
    assert_eq!(std::fs::read_to_string(here.root().join("out/deep/result")).expect("r"), "42\n");
    assert!(!here.root().join("b.txt").exists());
    let readme = std::fs::read_to_string(here.root().join("README.md")).expect("README");
    assert_eq!(readme, "changed here\n");
}

#[test]
fn a_file_changed_on_both_sides_is_a_conflict_unless_it_is_the_same() {
    let (here, snapshot, there) = copied();
    for (file, theirs, ours) in [("b.txt", "there\n", "here\n"), ("new.txt", "same\n", "same\n")] {
        std::fs::write(there.path().join(file), theirs).expect("write");
        here.write(file, ours);
    }
    let changes = changes(&here, &snapshot, there.path());
    let conflict = Some("b.txt".into());
    assert_eq!(changes.0, [Change { conflict, ..change("b.txt", false) }]);
}

#[test]
fn every_name_of_a_file_comes_back() {
    let (here, snapshot, there) = copied();
    let line = "ln data/a.csv final.csv && mkdir .annex .git/annex sub sub/.git && \
                ln b.txt .annex/b && ln new.txt .git/annex/new && ln .gitignore sub/.git/x && \
                ln -s b.txt link && ln link other";
    let changes = pull(&here, &snapshot, there.path(), line);
    let new = [".annex/b", "final.csv", "link", "other"].map(|path| change(path, false));
    assert_eq!(changes.0, new);
    let read = |path: &str| std::fs::read_to_string(here.root().join(path)).expect(path);
    assert_eq!([".annex/b", "final.csv", "other"].map(read), ["b\n", "1\n", "b\n"]);
    assert!(here.root().join("other").is_symlink());
}

#[test]
fn an_archive_that_is_not_whole_is_refused() {
    let (_here, _, there) = copied();
    let whole = archive_file(there.path());
    let length = whole.metadata().expect("length").len();
    let archive = archive(there.path());
    // Between two files, within one, and nothing at all.
    let end = archive.repository().map(|(_, content)| content.end()).max().expect("a file");
    for cut in [end, end - 1, 0] {
        assert!(cut < length);
        whole.set_len(cut).expect("cut");
        let error = Archive::read(whole.try_clone().expect("file")).expect_err("not whole");
        assert_eq!(error.to_string(), "it changed while it was read; try again", "{cut}");
    }
}

#[test]
fn files_stay_as_private_as_they_are_here() {
    let (here, snapshot, there) = copied();
    here.shell("chmod 600 b.txt && chmod 444 new.txt && chmod 640 data/a.csv");
    let line = "chmod 666 b.txt && echo 2 | tee b.txt new.txt data/a.csv > x && chmod 755 data/a.csv \
                && mkdir keys && cp x keys/id && chmod 600 keys/id && chmod 700 keys && chmod 4777 x";
    pull(&here, &snapshot, there.path(), line);
    let paths = ["b.txt", "new.txt", "data/a.csv", "keys", "keys/id"];
    assert_eq!(paths.map(|path| mode(&here, path)), [0o600, 0o444, 0o750, 0o700, 0o600]);
    // The umask decides how much of it.
    assert_eq!(mode(&here, "x") & 0o700, 0o700);
    here.shell("touch made-here && chmod +x made-here && chmod -s x");
    assert_eq!(mode(&here, "x") & 0o022, mode(&here, "made-here") & 0o022);
}

#[test]
fn files_and_folders_take_each_other_s_place() {
    let (here, snapshot, there) = copied();
    here.write("data/cache/ignored", "");
    let line =
        "mv data elsewhere && ln -s elsewhere data && rm b.txt && mkdir b.txt && echo 1 > b.txt/c";
    here.shell(&format!("cd {} && {line}", there.path().display()));
    let changed = changes(&here, &snapshot, there.path());
    assert_eq!(changed.conflicts(), std::collections::BTreeSet::new());
    let archive = archive(there.path());
    let error = apply(&changed, &archive, here.root()).expect_err("not empty");
    assert_eq!(error.to_string(), "`data` cannot be written: Directory not empty (os error 39)");
    here.shell("rm -r data/cache");
    let changed = changes(&here, &snapshot, there.path());
    apply(&changed, &archive, here.root()).expect("apply");
    let read = |path: &str| std::fs::read_to_string(here.root().join(path)).expect(path);
    assert_eq!(["data/a.csv", "b.txt/c"].map(read), ["1\n", "1\n"]);
    assert!(here.root().join("data").is_symlink());
}

#[test]
fn repositories_inside_of_the_project_are_not_brought() {
    let (here, snapshot, there) = copied();
    let line = "mkdir -p .GIT/hooks lib/.git lib/sub && echo x > .GIT/hooks/pre-commit && \
                echo x > lib/.git/config && echo x > lib/sub/.Git && echo x > lib/a.py";
    let changes = pull(&here, &snapshot, there.path(), line);
    assert_eq!(changes.0, [change("lib/a.py", false)]);
    assert!(!here.root().join("lib/.git").exists());
    let left = archive(there.path()).inner_repositories();
    assert_eq!(left, [".GIT", "lib/.git", "lib/sub/.Git"].map(PathBuf::from).into());
}

#[test]
fn what_a_file_system_takes_for_the_repository_is_one() {
    for path in ["a/.gIt/b", ".g\u{200c}it", "GIT~1/config"] {
        assert!(repository_of(Path::new(path)).is_some(), "{path}");
    }
    for path in [".gitignore", "a/git", ".github/x", ""] {
        assert!(repository_of(Path::new(path)).is_none(), "{path}");
    }
}

#[test]
fn a_pull_that_removes_nearly_all_is_known() {
    let (here, snapshot, there) = copied();
    let removed = |line: &str| {
        here.shell(&format!("cd {} && {line}", there.path().display()));
        changes(&here, &snapshot, there.path()).many_removed(&snapshot).len()
    };
    // Nothing else, then less than half, then more.
    assert_eq!(removed("rm b.txt"), 1);
    assert_eq!(removed("echo x > x"), 0);
    assert_eq!(removed("rm -r data new.txt"), 3);
}

#[test]
fn an_archive_that_leads_out_of_the_project_is_refused() {
    for path in ["/etc/passwd", "project/../../etc/passwd"] {
        assert!(archive::inner_path(Path::new(path)).is_err(), "{path}");
    }
    let inner = archive::inner_path(Path::new("project/a/b")).expect("inner");
    assert_eq!(inner, Some("a/b".into()));
    assert_eq!(archive::inner_path(Path::new("project/")).expect("folder"), None);
}
