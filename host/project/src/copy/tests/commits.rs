//! Commits that come back from a copy of the repository.

use super::*;

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
