//! A session starts from the server's copy of the repository: what only this
//! folder has is told, pushed when the user says so, and never committed.

use super::ground::Ground;

const START: [&str; 3] = ["start", "-p", "renkulab"];

fn start<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut all = START.to_vec();
    all.extend(more);
    all
}

#[test]
fn unpushed_commits_are_told_and_pushed_only_when_asked_for() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n").commit();
    let there =
        || project.git(&["--git-dir", &ground.bare().display().to_string(), "rev-parse", "main"]);
    let before = there();
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      1 commit of `main` is not pushed
    hint: add `--push` to push first, or `--from-remote` to start from what the server has
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    // A yes to everything is not a yes to pushing.
    let _ = ground.session(&project, &start(&["--yes"])).success();
    assert_eq!(there(), before);
    let _ = ground.session(&project, &["stop", "-p", "renkulab"]).success();
    let _ = ground.session(&project, &start(&["--push"])).success();
    assert_eq!(there(), project.git(&["rev-parse", "HEAD"]));
}

#[test]
fn uncommitted_changes_are_told_and_stay_as_they_are() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n");
    let head = project.git(&["rev-parse", "HEAD"]);
    insta::assert_snapshot!(ground.printed(&project, &start(&["--push"])), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      changes here are not committed
    hint: commit and push, or add `--from-remote` to start from what the server has
    ");
    insta::assert_snapshot!(ground.printed(&project, &start(&["--from-remote"])), @r"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT]
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    assert_eq!(project.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(project.git(&["status", "--porcelain"]), "?? analysis.py");
}

#[test]
fn a_no_starts_nothing() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("analysis.py", "print(1)\n");
    let arguments = start(&["--answer", "from-remote=no"]);
    insta::assert_snapshot!(ground.printed(&project, &arguments), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no session was started
      changes here are not committed
    hint: commit and push, or add `--from-remote` to start from what the server has
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn a_branch_that_was_never_pushed_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    project.git(&["switch", "-q", "-c", "experiment"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      the branch `experiment` was never pushed
    hint: commit and push, or add `--from-remote` to start from what the server has
    ");
}

#[test]
fn commits_that_are_only_there_are_told() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("theirs", "1").commit();
    project.git(&["push", "-q"]);
    project.git(&["reset", "-q", "--hard", "HEAD~1"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      1 commit of `main` there is not here
    hint: run `git pull`, or add `--from-remote` to start from what the server has
    ");
}

/// A session begins with the default branch of the server's copy.
#[test]
fn a_branch_that_is_not_what_a_session_begins_with_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    project.git(&["switch", "-q", "-c", "experiment"]);
    project.git(&["push", "-q", "-u", "origin", "experiment"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the session would not have what is in this folder
      a session begins with `main`, and here is `experiment`
    hint: bring it to `main` and push that, or add `--from-remote` and switch to your branch in the session
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    // The server's word counts, not what git noted when it was cloned.
    let bare = ground.bare().display().to_string();
    project.git(&["--git-dir", &bare, "symbolic-ref", "HEAD", "refs/heads/experiment"]);
    let _ = ground.session(&project, &START).success();
}
