//! What is copied, what comes back, and what is never overwritten.

use std::os::unix::fs::PermissionsExt as _;

use super::super::testing::Repository;
use super::*;

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
    let bring = || bring_commits(&archive(there.path()), &here.opened(), "a1").expect("commits");
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
fn commits_come_also_when_their_objects_have_other_names() {
    let (here, _, there) = copied();
    let line = "git -c user.name=S -c user.email=s@x commit -q --allow-empty -m theirs && \
                mkdir .cache && cp -rl .git .cache/git && mv .git git && cp -rl git .git";
    here.shell(&format!("cd {} && {line}", there.path().display()));
    let brought = bring_commits(&archive(there.path()), &here.opened(), "a1").expect("commits");
    assert_eq!(brought, Brought::Branch("main".into()));
}

#[test]
fn nothing_that_the_repository_here_is_set_to_runs_for_a_pull() {
    let (here, _, there) = copied();
    let mark = there.path().with_extension("ran");
    let touch = format!("touch {}", mark.display());
    for hook in ["reference-transaction", "post-index-change", "post-checkout"] {
        here.write(&format!(".git/hooks/{hook}"), &format!("#!/bin/sh\n{touch}\n"));
        here.shell(&format!("chmod +x .git/hooks/{hook}"));
    }
    here.write(".gitattributes", "* filter=x\n");
    for (key, value) in [
        ("core.fsmonitor", touch.as_str()),
        ("filter.x.clean", &touch),
        ("core.alternateRefsCommand", &touch),
        ("core.sshCommand", &touch),
    ] {
        here.git(&["config", key, value]);
    }
    let _ = std::fs::remove_file(&mark);
    here.shell(&format!(
        "cd {} && git -c user.name=S -c user.email=s@x commit -q --allow-empty -m theirs",
        there.path().display()
    ));
    let brought = bring_commits(&archive(there.path()), &here.opened(), "a1").expect("commits");
    assert_eq!(brought, Brought::Branch("main".into()));
    assert!(!mark.exists());
}

#[test]
fn a_pull_leaves_the_repository_as_git_would() {
    for format in ["files", "reftable"] {
        let here = Repository::stored(&["--ref-format", format]);
        here.write("a", "1").commit();
        here.git(&["branch", "unrelated"]);
        here.git(&["pack-refs", "--all"]);
        here.git(&["gc", "-q"]);
        here.shell("cp -r . ../there && cd ../there && echo 2 > a && git add -A && git -c user.name=S -c user.email=s@x commit -q -m theirs");
        let there = here.root().parent().expect("parent").join("there");
        here.write("a", "2\n");
        let brought = bring_commits(&archive(&there), &here.opened(), "a1").expect("commits");
        assert_eq!(brought, Brought::Branch("main".into()), "{format}");
        assert_eq!(here.git(&["log", "-1", "--format=%s"]), "theirs");
        assert_eq!(here.git(&["status", "--porcelain"]), "", "{format}");
        assert_eq!(here.git(&["fsck", "--full"]), "", "{format}");
        assert_eq!(here.git(&["rev-parse", "unrelated"]), here.git(&["rev-parse", "main~1"]));
        // Nothing of ours is left.
        here.shell("test -z \"$(find .git -name '*.lock' -o -name 'tmp_*')\"");
        if format == "files" {
            assert_eq!(here.git(&["rev-parse", "main@{1}"]), here.git(&["rev-parse", "main~1"]));
        }
    }
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

#[test]
fn settings_of_the_session_s_repository_mean_nothing_here() {
    let (here, _, there) = copied();
    here.shell(&format!(
        "cd {} && git -c user.name=S -c user.email=s@x commit -q --allow-empty -m theirs && \
         git config core.fsmonitor 'touch owned' && git config uploadpack.packObjectsHook 'touch owned'",
        there.path().display()
    ));
    let brought = bring_commits(&archive(there.path()), &here.opened(), "a1").expect("commits");
    assert_eq!(brought, Brought::Branch("main".into()));
    assert!(!here.root().join("owned").exists());
}
