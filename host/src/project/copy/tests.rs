//! What is copied, what comes back, and what is never overwritten.

use std::io::Seek as _;

use super::super::testing::Repository;
use super::*;

/// The folder as an engine would archive it, as `project/…`.
fn archive(folder: &Path) -> std::fs::File {
    let mut file = tempfile::tempfile().expect("file");
    let mut archive = tar::Builder::new(&mut file);
    archive.follow_symlinks(false);
    archive.append_dir_all("project", folder).expect("archive");
    archive.finish().expect("archive");
    drop(archive);
    file.rewind().expect("rewind");
    file
}

/// A project with a copy of it, as a session would have it.
fn copied() -> (Repository, Snapshot, tempfile::TempDir) {
    let here = Repository::with_commit();
    here.write("data/a.csv", "1\n").write("b.txt", "b\n").write(".gitignore", "big\n").commit();
    here.write("big", "ignored\n").write("new.txt", "not added\n");
    let there = tempfile::tempdir().expect("there");
    let paths = paths(here.root()).expect("paths");
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
    let now = Snapshot::of_archive(archive(there)).expect("snapshot");
    Changes::between(snapshot, &now, here.root()).expect("changes")
}

fn change(path: &str, removed: bool, conflict: bool) -> Change {
    Change { path: path.into(), removed, conflict }
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
    let expected = expected.map(|(path, removed)| change(path, removed, false));
    assert_eq!(changes.0, expected);
    apply(&changes, archive(there.path()), here.root()).expect("apply");
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
    assert_eq!(changes.0, [change("b.txt", false, true)]);
    assert_eq!(changes.conflicts(), [Path::new("b.txt")]);
}

#[test]
fn nothing_is_written_through_a_link() {
    let (here, snapshot, there) = copied();
    let outside = tempfile::tempdir().expect("outside");
    here.shell(&format!("rm -r data && ln -s {} data", outside.path().display()));
    std::fs::write(there.path().join("data/a.csv"), "2\n").expect("write");
    let changes = changes(&here, &snapshot, there.path());
    apply(&changes, archive(there.path()), here.root()).expect("apply");
    assert!(outside.path().read_dir().expect("outside").next().is_none());
    assert!(here.root().join("data").symlink_metadata().expect("data").is_dir());
}

#[test]
fn an_archive_that_leads_out_of_the_project_is_refused() {
    for path in ["/etc/passwd", "project/../../etc/passwd"] {
        assert!(snapshot::inner_path(Path::new(path)).is_err(), "{path}");
    }
    let inner = snapshot::inner_path(Path::new("project/a/b")).expect("inner");
    assert_eq!(inner, Some("a/b".into()));
    assert_eq!(snapshot::inner_path(Path::new("project/")).expect("folder"), None);
}

#[test]
fn commits_of_the_session_move_the_branch_when_it_has_no_others() {
    let (here, _, there) = copied();
    let commit = |name: &str| {
        let line = format!(
            "cd {} && git -c user.name=S -c user.email=s@x commit -q --allow-empty -m {name}",
            there.path().display()
        );
        here.shell(&line);
    };
    let bring = || bring_commits(archive(there.path()), here.root(), "a1").expect("commits");
    assert_eq!(bring(), Brought::Nothing);
    commit("theirs");
    assert_eq!(bring(), Brought::Branch("main".into()));
    assert_eq!(here.git(&["log", "-1", "--format=%s"]), "theirs");

    commit("more");
    here.git(&["commit", "-q", "--allow-empty", "-m", "ours"]);
    assert_eq!(bring(), Brought::Beside("refs/renku/a1/main".into()));
    assert_eq!(here.git(&["log", "-1", "--format=%s"]), "ours");
    assert_eq!(here.git(&["log", "-1", "--format=%s", "refs/renku/a1/main"]), "more");
}

#[test]
fn settings_of_the_session_s_repository_mean_nothing_here() {
    let (here, _, there) = copied();
    here.shell(&format!(
        "cd {} && git -c user.name=S -c user.email=s@x commit -q --allow-empty -m theirs && \
         git config core.fsmonitor 'touch owned' && git config uploadpack.packObjectsHook 'touch owned'",
        there.path().display()
    ));
    let brought = bring_commits(archive(there.path()), here.root(), "a1").expect("commits");
    assert_eq!(brought, Brought::Branch("main".into()));
    assert!(!here.root().join("owned").exists());
}
